/** Was this phone enrolled before, although it remembers nothing? A browser that makes room throws IndexedDB away, not these few letters. */

const PLACE = 'onevisit_phones'
type Phones = Record<string, string>

function phones(): Phones {
  try {
    return JSON.parse(localStorage.getItem(PLACE) ?? '{}') as Phones
  } catch {
    return {}
  }
}

function keep(all: Phones): void {
  try {
    localStorage.setItem(PLACE, JSON.stringify(all))
  } catch { /* without it only the telling is missing */ }
}

/** The device an account had here, by its id; null when it never was here or left on purpose. */
export const phoneBefore = (account: string): string | null => phones()[account] ?? null
export const anyBefore = (): boolean => Object.keys(phones()).length > 0
export const rememberPhone = (account: string, device: string): void => keep({ ...phones(), [account]: device })
export const forgetPhone = (account: string): void => keep(Object.fromEntries(Object.entries(phones()).filter(([id]) => id !== account)))
