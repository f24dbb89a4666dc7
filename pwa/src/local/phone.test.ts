import 'fake-indexeddb/auto'
import { describe, expect, it } from 'vitest'
import { waitingOf } from './outgoing'
import { newDevicePair, replaceDevice } from './keys'
import { pageLocks } from './locks'
import { createPhone, type Phone } from './phone'
import { answer, VISIT } from './testStore'
import { AccountTables } from './tables'
import { recordAll } from './writer'

const SECRET = 'c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3I'
const person = (id: string) => ({ id, name: `示例${id}`, place: '示例局', inspector: `i-${id}` })

async function enrolled(phone: Phone, id: string): Promise<void> {
  await phone.enrol(person(id), '135790', { id: `d-${id}`, label: '示例手机', pair: await newDevicePair() }, SECRET)
}

describe('several people on one phone', () => {
  it('each see only what is theirs, and one leaves without touching the other', async () => {
    const phone = createPhone(pageLocks())
    await enrolled(phone, 'a')
    await recordAll(phone.store.value!, VISIT, [{ part: 'p', kind: 'answer.set', body: answer('e1') as never }])
    await enrolled(phone, 'b')
    expect(await waitingOf(phone.store.value!, VISIT)).toEqual([])
    await phone.forget('b')
    expect(phone.store.value).toBeNull()
    expect((await phone.roster()).map(({ id }) => id)).toEqual(['a'])
    expect(await phone.isEnrolled('b')).toBe(false)
    const store = await phone.unlock('a', '135790')
    expect((await waitingOf(store, VISIT)).map(({ kind }) => kind)).toEqual(['answer.set'])
  })
})

describe('a new device key', () => {
  it('takes the unsent work along though the page died before it was chained anew, and asks for everything again', async () => {
    const phone = createPhone(pageLocks())
    await enrolled(phone, 'c')
    const { db } = phone.store.value!
    await recordAll(phone.store.value!, VISIT, ['e1', 'e2'].map((entry) => ({ part: 'p', kind: 'answer.set' as const, body: answer(entry) as never })))
    await db.cursors.put({ name: 'changes', epoch: '1', cursor: '7' })
    phone.lock()
    const closed = new AccountTables('c')
    await replaceDevice(closed, '135790', { id: 'd-new', label: '示例手机', pair: await newDevicePair() }, SECRET)
    closed.close()
    const store = await createPhone(pageLocks()).unlock('c', '135790')
    expect((await waitingOf(store, VISIT)).map(({ device, seq }) => [device, seq])).toEqual([['d-new', 1], ['d-new', 2]])
    expect((await store.db.cursors.get('changes'))!.cursor).toBeNull()
  })
})
