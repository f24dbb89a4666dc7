import 'fake-indexeddb/auto'
import { describe, expect, it } from 'vitest'
import { waitingOf } from './outgoing'
import { newDevicePair } from './keys'
import { pageLocks } from './locks'
import { createPhone, type Phone } from './phone'
import { answer, VISIT } from './testStore'
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
