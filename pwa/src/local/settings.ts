/** Small facts and choices of one account on this phone, sealed like everything else. */
import type { Store } from './store'

export async function readSetting<T>(store: Store, id: string): Promise<T | null> {
  const row = await store.db.settings.get(id)
  return row ? await store.vault.open<T>(row.sealed, `settings/${id}`) : null
}

export async function writeSetting(store: Store, id: string, value: unknown): Promise<void> {
  await store.db.settings.put({ id, sealed: await store.vault.seal(value, `settings/${id}`) })
}

const CLOCK = 'clock_offset'

export async function keepClockOffset(store: Store, offset: number): Promise<void> {
  store.clockOffset = offset
  await writeSetting(store, CLOCK, offset)
}

export async function recallClockOffset(store: Store): Promise<void> {
  store.clockOffset = await readSetting<number>(store, CLOCK)
}
