/** How does a screen reach what the phone keeps? The one Phone of the application, given by main. */
import { inject, type InjectionKey } from 'vue'
import type { Phone } from './phone'
import type { Store } from './store'

export const PHONE: InjectionKey<Phone> = Symbol('phone')

export function usePhone(): Phone {
  const phone = inject(PHONE)
  if (!phone) throw new Error('no Phone was provided')
  return phone
}

/** The open account's Store; the router lets nobody see a field screen without one. */
export function useStore(): Store {
  const store = usePhone().store.value
  if (!store) throw new Error('the phone is locked')
  return store
}
