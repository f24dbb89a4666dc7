/** How does a screen see what waits? The running Sync of the unlocked account; null while locked. */
import { inject, shallowRef, watch, type App, type InjectionKey, type ShallowRef } from 'vue'
import type { Api } from '../api/client'
import type { Phone } from '../local/phone'
import { startSync, type Sync } from './sync'

export const SYNC: InjectionKey<Readonly<ShallowRef<Sync | null>>> = Symbol('sync')

/** Runs while the app is open and unlocked, and not otherwise; we say so to the user. */
export function installSync(app: App, api: Api, phone: Phone): void {
  const sync = shallowRef<Sync | null>(null)
  watch(phone.store, (store) => {
    sync.value?.stop()
    api.expect(store?.account.id ?? null)
    sync.value = store ? startSync(api, store) : null
  }, { immediate: true, flush: 'sync' })
  app.provide(SYNC, sync)
}

/** While this screen is open, others' records are asked for often: here somebody stands and waits for them. */
export function useHurry(): void {
  watch(useSync(), (sync, _, onCleanup) => { if (sync) onCleanup(sync.hurry()) }, { immediate: true })
}

export function useSync(): Readonly<ShallowRef<Sync | null>> {
  const sync = inject(SYNC)
  if (!sync) throw new Error('no Sync was provided')
  return sync
}
