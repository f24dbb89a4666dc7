/** What does the hand feel? A short tick once something is on the disk, three when it is not; nothing where the phone cannot or shall not. */
import { lookHere } from './look'

const FEELS = { saved: [12], failed: [60, 40, 60, 40, 60] } as const

export function buzz(what: keyof typeof FEELS): void {
  if (typeof navigator === 'undefined' || typeof navigator.vibrate !== 'function' || !lookHere().buzz) return
  navigator.vibrate([...FEELS[what]])
}
