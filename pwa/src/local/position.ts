/** Where is the phone? Asked for arriving and for photos; the work never waits for an answer. */
import type { Position } from '../rules/package'

export interface Fix { position: Position | null; accuracy_m: number | null }

export const NOWHERE: Fix = { position: null, accuracy_m: null }

/** A fix within `patience` milliseconds; none where it is refused, unknown or late. */
export async function whereAmI(patience = 8_000, maximumAge = 30_000): Promise<Fix> {
  const geo = typeof navigator === 'undefined' ? undefined : navigator.geolocation
  if (!geo) return NOWHERE
  const asked = new Promise<Fix>((resolve) => {
    geo.getCurrentPosition(({ coords }) => resolve(fixOf(coords)), () => resolve(NOWHERE), { enableHighAccuracy: true, timeout: patience, maximumAge })
  })
  // Some phones never call back while the permission question is open.
  return await Promise.race([asked, new Promise<Fix>((resolve) => setTimeout(resolve, patience + 500, NOWHERE))])
}

/** Asks only when it was allowed before, so that a list of tasks never brings up the question. */
export async function whereIfAllowed(): Promise<Fix> {
  const state = await navigator.permissions?.query({ name: 'geolocation' }).then((one) => one.state, () => null)
  return state === 'granted' ? await whereAmI(5_000, 300_000) : NOWHERE
}

/** Follows the position while something is being photographed. */
export function followPosition(hear: (fix: Fix) => void): () => void {
  const geo = typeof navigator === 'undefined' ? undefined : navigator.geolocation
  if (!geo) return () => undefined
  const watch = geo.watchPosition(({ coords }) => hear(fixOf(coords)), () => undefined, { enableHighAccuracy: true, maximumAge: 10_000 })
  return () => geo.clearWatch(watch)
}

const fixOf = ({ latitude, longitude, accuracy }: Pick<GeolocationCoordinates, 'latitude' | 'longitude' | 'accuracy'>): Fix => ({
  position: { lat_e7: Math.round(latitude * 1e7), lon_e7: Math.round(longitude * 1e7) },
  accuracy_m: Math.min(1_000_000, Math.max(0, Math.round(accuracy))),
})

/** Metres between two points as the crow flies. */
export function metresBetween(a: Position, b: Position): number {
  const rad = (e7: number): number => (e7 / 1e7) * (Math.PI / 180)
  const [dLat, dLon] = [rad(b.lat_e7 - a.lat_e7), rad(b.lon_e7 - a.lon_e7)]
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(rad(a.lat_e7)) * Math.cos(rad(b.lat_e7)) * Math.sin(dLon / 2) ** 2
  return 2 * 6_371_000 * Math.asin(Math.sqrt(h))
}
