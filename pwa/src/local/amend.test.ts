import 'fake-indexeddb/auto'
import { describe, expect, it } from 'vitest'
import type { Bodies } from '../rules/bodies'
import { digest } from '../rules/canonical'
import { manifest } from '../rules/manifest'
import { parseOperation } from '../rules/operations'
import type { VisitPackage } from '../rules/package'
import { amendment, change, takeIn, type Change } from './amend'
import { visitLog } from './log'
import { baseOf, stateOf } from './record'
import type { Store } from './store'
import { makeStore, VISIT } from './testStore'
import { recordAll } from './writer'

const PART = '632525-ga'
const answer = (value: string) => change(PART, 'answer.set', { item: 'item-1', entry: 'e1', value, note: null, phrases: [] })
const photo: Bodies['photo.add'] = { hash: 'a'.repeat(64), size: 1, taken_at: '2026-11-21T10:00:00+08:00', caption: null, item: 'item-1', entry: 'e1', position: null, accuracy_m: null, width: 1, height: 1, mime: 'image/jpeg', reencoded_from: null }

const stateHere = async (store: Store) => stateOf(await visitLog(store, VISIT).read())
async function write(store: Store, changes: readonly Change[]) {
  const state = await stateHere(store)
  const written = await recordAll(store, VISIT, changes.map((one) => ({ ...one, base: baseOf(state, one, 'inspector-1') })))
  for (const { operation } of written) parseOperation(operation)
  return written.map(({ operation }) => operation.id)
}

/** A part checked, ready and signed. */
async function signedVisit(): Promise<Store> {
  const store = await makeStore()
  await write(store, [answer('pass'), change(PART, 'finding.set', { item: 'item-1', outcomes: ['no_problem'], reason: null }), change(PART, 'part.ready', {})])
  const visit = { id: VISIT, visit_no: '1', issuer: '示例县', region: { id: '632525', name: '示例县' }, task: {}, subject: {}, methods: [], year_count: 1, cap: null, profile: { outcomes: { codes: [] } }, parts: [{ department: { id: PART, name: '示例局' }, initiating: true, team: [], items: [{ id: 'item-1', code: null, name: '', legal_basis: null, checklist: { id: 'c', version: 1, hash: '0'.repeat(64), entries: [] } }] }] } as unknown as VisitPackage
  const signed = JSON.parse(JSON.stringify(manifest(visit, await stateHere(store), '2026-11-21T11:00:00+08:00'))) as Bodies['confirm']['manifest']
  const body: Bodies['confirm'] = { digest: await digest(signed), manifest: signed, marks: { signature: { strokes: [[[1, 1], [2, 2]]], png_hash: 'b'.repeat(64) }, stamp: null, no_stamp_reason: null }, signer: { name: '示例王', role: 'person_in_charge' }, objection: null, refusal: null, witness: null, place: null, at: '2026-11-21T11:00:00+08:00' }
  await write(store, [{ part: null, kind: 'confirm', body }])
  return store
}

describe('changing what the subject has signed', () => {
  it('keeps the old value beside the new one, with the reason', async () => {
    const store = await signedVisit()
    expect((await stateHere(store)).parts[PART]!.state).toBe('locked')
    await write(store, [amendment(answer('fail'), 'inspector-1', '漏看一处')])
    const part = (await stateHere(store)).parts[PART]!
    expect(part.record.answers['item-1']!['e1']!.value).toBe('fail')
    expect(part.amendments).toMatchObject([{ reason: '漏看一处', before: [{ value: 'pass' }], after: { value: 'fail' }, to_sign: true }])
  })

  it('takes a photo in only together with the reason', async () => {
    const store = await signedVisit()
    const [added] = await write(store, [change(PART, 'photo.add', photo)])
    expect((await stateHere(store)).parts[PART]!.record.photos).toEqual([])
    await write(store, [takeIn(PART, [added!], '按退回意见补拍')])
    const part = (await stateHere(store)).parts[PART]!
    expect(part.record.photos.map(({ id }) => id)).toEqual([added])
    expect([part.to_sign_again, part.version]).toEqual([false, 2])
  })

  it('does not amend what is no register', () => expect(() => amendment(change(PART, 'photo.add', photo), 'inspector-1', 'x')).toThrow(/no register/))
})
