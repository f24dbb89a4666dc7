/** An open Store for tests, on an IndexedDB in memory. */
import { newDevicePair } from './keys'
import { pageLocks } from './locks'
import { storeOf, type Store } from './store'
import { AccountTables } from './tables'

let count = 0

export async function makeStore(over: { inspector?: string | null; accountId?: string; now?: () => number } = {}): Promise<Store> {
  const id = over.accountId ?? `account-${++count}`
  const dataKey = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  const device = { id: `device-${count}`, label: '示例手机', pair: await newDevicePair() }
  const inspector = over.inspector === undefined ? 'inspector-1' : over.inspector
  return storeOf({ id, name: '示例甲', place: '示例局', inspector, opened_at: 0 }, new AccountTables(id), { device, dataKey }, pageLocks(), over.now)
}

export const VISIT = '01890000-0000-7000-8000-000000000001'
export const answer = (entry: string, value = 'pass') => ({ item: 'item-1', entry, value, note: null, phrases: [] })
