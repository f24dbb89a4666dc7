/** What must lie in the browser so that the next visit code can be checked without a network: this page, and the office's keys. */
import type { DoorKey } from '../../../rules/visitCode'

export const DOOR_CACHE = 'onevisit-door'
const KEYS = 'onevisit-door-keys'
const MOST = 8

export function keptKeys(): DoorKey[] {
  try {
    return JSON.parse(localStorage.getItem(KEYS) ?? '[]') as DoorKey[]
  } catch {
    return [] // closed storage, or somebody else's words in it
  }
}

export function rememberKey(key: DoorKey): void {
  try {
    localStorage.setItem(KEYS, JSON.stringify([key, ...keptKeys().filter(({ kid }) => kid !== key.kid)].slice(0, MOST)))
  } catch {
    // A private window keeps nothing: then the code is checked while there is a network.
  }
}

/** Lays the files of this page aside; the service worker hands them out where the network does not (sw.ts). */
export async function keepDoor(): Promise<void> {
  if (!('caches' in window)) return
  const own = performance.getEntriesByType('resource').map(({ name }) => new URL(name)).filter(({ origin, pathname }) => origin === location.origin && pathname.startsWith('/assets/'))
  const wanted = new Set(own.map(({ pathname }) => pathname))
  const cache = await caches.open(DOOR_CACHE)
  const there = await cache.keys()
  const have = new Set(there.map(({ url }) => new URL(url).pathname))
  await Promise.all([...wanted].filter((path) => !have.has(path)).map((path) => cache.add(path).catch(() => undefined)))
}
