/** Whose pages are these? The regions published here and the offices that answer for them, read once by the frame. */
import { inject, type InjectionKey } from 'vue'
import { told } from '../../api/client'
import type { components } from '../../api/types'
import { useApi } from '../../api/useApi'
import { useLoaded, type Loaded } from '../../api/useLoaded'

export type Place = components['schemas']['PublicRegion']

export const PLACES: InjectionKey<Loaded<Place[]>> = Symbol('places')

export function useAskedPlaces(): Loaded<Place[]> {
  const api = useApi()
  return useLoaded(async () => (await told(api.http.GET('/api/public/regions'))).items)
}

export function usePlaces(): Loaded<Place[]> {
  const places = inject(PLACES)
  if (!places) throw new Error('no places were provided')
  return places
}

/** How the pages call themselves: by the region where there is only one. */
export function placeWords(places: Place[] | null): string {
  return places?.length === 1 ? places[0]!.name : ''
}
