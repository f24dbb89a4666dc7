/** Which entry was left for the camera or a paper? So that the list comes back to it, even when the camera killed the page. */
const KEY = 'onevisit-last-entry'

export const leaveAt = (visit: string, item: string, entry: string): void => sessionStorage.setItem(KEY, JSON.stringify([visit, item, entry]))

/** Gives it once. */
export function comeBackTo(visit: string, item: string): string | null {
  const kept = JSON.parse(sessionStorage.getItem(KEY) ?? '[]') as string[]
  if (kept[0] !== visit || kept[1] !== item) return null
  sessionStorage.removeItem(KEY)
  return kept[2] ?? null
}
