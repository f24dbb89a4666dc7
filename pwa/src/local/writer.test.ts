import 'fake-indexeddb/auto'
import { describe, expect, it } from 'vitest'
import { operationHash, parseOperation } from '../rules/operations'
import { bytesOf, hashBytes } from './blobs'
import { visitLog } from './log'
import { rechain } from './rechain'
import { newDevicePair } from './keys'
import { baseOf, stateOf } from './record'
import { answer, makeStore, VISIT } from './testStore'
import { record, recordAll } from './writer'

describe('the writer', () => {
  it('chains operations without a gap, each a valid one', async () => {
    const store = await makeStore()
    const [first, second] = await recordAll(store, VISIT, ['1', '2'].map((entry) => ({ part: '632525-ga', kind: 'answer.set' as const, body: answer(entry) })))
    const third = await record(store, VISIT, '632525-ga', 'answer.set', answer('3'))
    const written = [first!, second!, third]
    expect(written.map(({ operation }) => operation.seq)).toEqual([1, 2, 3])
    expect(written.map(({ operation }) => operation.prev)).toEqual([null, await operationHash(first!.operation), await operationHash(second!.operation)])
    for (const { operation } of written) expect(parseOperation(operation)).toEqual(operation)
  })

  it('gives every one of many writers at once its own place', async () => {
    const store = await makeStore()
    const written = await Promise.all(Array.from({ length: 20 }, (_, n) => record(store, VISIT, 'p', 'answer.set', answer(String(n)))))
    expect(written.map(({ operation }) => operation.seq).sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1))
  })

  it('keeps a log of its own in each visit', async () => {
    const store = await makeStore()
    await record(store, VISIT, 'p', 'answer.set', answer('1'))
    const other = await record(store, VISIT.replace(/1$/, '2'), 'p', 'answer.set', answer('1'))
    expect(other.operation).toMatchObject({ seq: 1, prev: null })
  })

  it('leaves nothing readable at rest, neither words nor photos', async () => {
    const store = await makeStore()
    const bytes = new TextEncoder().encode('照片里的字').buffer as ArrayBuffer
    const hash = await hashBytes(bytes)
    const body = { hash, size: bytes.byteLength, taken_at: '2026-11-21T10:00:00+08:00', caption: '门头', item: null, entry: null, position: null, accuracy_m: null, width: 1, height: 1, mime: 'image/jpeg' as const, reencoded_from: null }
    await record(store, VISIT, 'p', 'photo.add', body, { files: [{ hash, bytes, type: 'image/jpeg' }] })
    const [operation, kept] = [await store.db.operations.toCollection().first(), await store.db.bytes.get(hash)]
    const plain = [operation!.sealed.bytes, kept!.sealed.bytes].map((raw) => new TextDecoder().decode(raw)).join()
    expect(plain).not.toMatch(/门头|照片|photo/)
    expect(new TextDecoder().decode((await bytesOf(store, hash))!)).toBe('照片里的字')
  })

  it('writes all of a row of operations or none', async () => {
    const store = await makeStore()
    const bytes = new ArrayBuffer(3)
    // A file that cannot be kept (its bytes are no bytes) must take its operation down with it.
    const broken = { hash: 'x', bytes: 'no bytes' as unknown as ArrayBuffer, type: 'image/jpeg' }
    const drafts = [{ part: 'p', kind: 'answer.set' as const, body: answer('1'), files: [{ hash: 'h', bytes, type: 'image/png' }] }, { part: 'p', kind: 'answer.set' as const, body: answer('2'), files: [broken] }]
    await expect(recordAll(store, VISIT, drafts)).rejects.toMatchObject({ code: 'phone.not_saved', retry: 'never' })
    expect(await Promise.all([store.db.operations.count(), store.db.blobs.count(), store.db.heads.count()])).toEqual([0, 0, 0])
  })

  it.each([
    ['a text that is too long', 'answer.set', { ...answer('1'), note: '长'.repeat(4001) }, 'operation.bad_body', '/body/note'],
    ['a body of another kind', 'photo.add', answer('1'), 'operation.bad_body', '/body'],
    ['a number that is no whole one', 'note.add', { item: null, entry: null, text: 'a', n: 0.5 }, 'operation.not_canonical', null],
    ['an item without its checklist', 'item.add', { item: 'x', name: '示例', code: null, legal_basis: null, checklist: { id: 'c', version: 1, hash: 'no hash' }, reason: '示例' }, 'operation.bad_body', '/body/checklist'],
  ])('tells %s, and writes nothing of its row', async (_name, kind, body, cause, field) => {
    const store = await makeStore()
    const good = { part: 'p', kind: 'answer.set' as const, body: answer('2') }
    await expect(recordAll(store, VISIT, [good, { part: 'p', kind: kind as 'note.add', body: body as never }])).rejects.toMatchObject({ code: 'phone.not_well_formed', retry: 'never', extra: { cause, field: field && expect.stringContaining(field) } })
    expect(await Promise.all([store.db.operations.count(), store.db.heads.count()])).toEqual([0, 0])
    expect((await recordAll(store, VISIT, [good]))[0]!.operation).toMatchObject({ seq: 1, prev: null })
  })

  it('refuses who is no inspector', async () => {
    const store = await makeStore({ inspector: null })
    await expect(record(store, VISIT, 'p', 'answer.set', answer('1'))).rejects.toMatchObject({ code: 'phone.not_an_inspector' })
  })

  it('names what was seen, so that a correction replaces and does not conflict', async () => {
    const store = await makeStore()
    const first = await record(store, VISIT, 'p', 'answer.set', answer('1'))
    const before = stateOf(await visitLog(store, VISIT).read())
    const draft = { part: 'p', kind: 'answer.set' as const, body: answer('1', 'fail') }
    const base = baseOf(before, draft, 'inspector-1')
    expect(base).toEqual({ 'answer/item-1/1': [first.operation.id] })
    await recordAll(store, VISIT, [{ ...draft, base }])
    const after = stateOf(await visitLog(store, VISIT).read())
    expect(after.parts['p']!.conflicts).toEqual([])
    expect(after.parts['p']!.record.answers['item-1']!['1']!.value).toBe('fail')
  })

  it('chains unsent work anew under a new device, ids and files unchanged', async () => {
    const store = await makeStore()
    const ids = (await recordAll(store, VISIT, ['1', '2', '3'].map((entry) => ({ part: 'p', kind: 'answer.set' as const, body: answer(entry) })))).map((one) => one.operation.id)
    await store.db.operations.update([store.device.id, VISIT, 1], { state: 'received' })
    store.device = { id: 'device-new', label: '', pair: await newDevicePair() }
    expect(await rechain(store)).toBe(2)
    const rows = (await visitLog(store, VISIT).read()).filter((one) => one.operation.device === 'device-new')
    expect(rows.map((one) => [one.operation.id, one.operation.seq])).toEqual([[ids[1], 1], [ids[2], 2]])
    expect(rows[1]!.operation.prev).toBe(await operationHash(rows[0]!.operation))
    const next = await record(store, VISIT, 'p', 'answer.set', answer('4'))
    expect(next.operation).toMatchObject({ seq: 3, prev: rows[1]!.hash })
  })
})
