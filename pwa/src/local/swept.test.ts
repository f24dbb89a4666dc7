import 'fake-indexeddb/auto'
import { forceCloseDatabase } from 'fake-indexeddb'
import { describe, expect, it, vi } from 'vitest'
import { newDevicePair } from './keys'
import { pageLocks } from './locks'
import { createPhone } from './phone'
import type { Store } from './store'
import { answer, VISIT } from './testStore'
import { record } from './writer'

const SECRET = 'A'.repeat(43)
let count = 0

async function enrolled() {
  const phone = createPhone(pageLocks())
  const id = `swept-${++count}`
  const store = await phone.enrol({ id, name: '示例甲', place: '示例局', inspector: 'i' }, '135790', { id: `d-${count}`, label: '示例', pair: await newDevicePair() }, SECRET)
  await record(store, VISIT, 'p', 'answer.set', answer('1'))
  return { phone, store }
}
const emptied = (store: Store): Promise<void> => new Promise((resolve, reject) => {
  const ask = indexedDB.deleteDatabase(store.db.name)
  ask.addEventListener('success', () => resolve())
  ask.addEventListener('error', () => reject(ask.error ?? new Error('not deleted')))
})

describe('a store that the browser empties', () => {
  it('is told when it is deleted beside us, and takes no more writes', async () => {
    const { phone, store } = await enrolled()
    await emptied(store)
    await expect(record(store, VISIT, 'p', 'answer.set', answer('1', 'fail'))).rejects.toMatchObject({ name: 'PhoneProblem' })
    await vi.waitFor(() => expect(phone.swept.value).toBe(true))
  })

  it('is told when its connection is broken and nothing is behind it any more', async () => {
    const { phone, store } = await enrolled()
    forceCloseDatabase(store.db.backendDB() as never)
    await emptied(store)
    await expect(record(store, VISIT, 'p', 'answer.set', answer('1', 'fail'))).rejects.toMatchObject({ name: 'PhoneProblem' })
    await vi.waitFor(() => expect(phone.swept.value).toBe(true))
  })

  it('goes on where only the connection was broken', async () => {
    const { phone, store } = await enrolled()
    forceCloseDatabase(store.db.backendDB() as never)
    await record(store, VISIT, 'p', 'answer.set', answer('1', 'fail'))
    expect(phone.swept.value).toBe(false)
  })
})
