/** In which region is this office, and how does a page say in passing that something was done? */
import { inject, type InjectionKey, type Ref } from 'vue'
import type { components } from '../../api/types'

export interface Place {
  region: Ref<components['schemas']['Region'] | null>
  /** A sentence at the foot of the page for a few seconds. */
  say(text: string): void
}

export const PLACE: InjectionKey<Place> = Symbol('place')

export function usePlace(): Place {
  const place = inject(PLACE)
  if (!place) throw new Error('outside the office frame')
  return place
}
