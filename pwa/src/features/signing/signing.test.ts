import { describe, expect, it } from 'vitest'
import { cases } from '../../rules/cases'
import { fold } from '../../rules/fold'
import type { Gap } from '../../rules/gaps'
import { manifest, type Manifest } from '../../rules/manifest'
import { parseOperation, type Operation } from '../../rules/operations'
import type { VisitPackage } from '../../rules/package'
import { SHAPES, wrongField } from '../../rules/shapes'
import { confirming, mayConfirm, mayTakeLead, owedSigns, partsShortOfSigns, standing } from '../../rules/signers'
import { bodyOf, type ConfirmDraft } from './draft'
import { isSigned, strokesOf, turned } from './strokes'
import { rolesOf, sameWords } from './useConfirming'
import { missingWords } from './useGather'

interface Tables { package: VisitPackage; made: { name: string; operations: unknown[]; at: string; expect: { manifest: Manifest; digest: string } }[] }
const tables = cases<Tables>('manifest_visit')
const visit = tables.package
const made = (name: string) => tables.made.find((one) => one.name === name)!
const operations = (name: string): Operation[] => made(name).operations.map(parseOperation)
const both = made('both parts')
const AT = '2026-11-10T11:20:00+08:00'

const draft = (over: Partial<ConfirmDraft> = {}): ConfirmDraft => ({
  kind: 'confirm', manifest: both.expect.manifest, digest: both.expect.digest, signer: { name: ' 示例王某 ', role: 'person_in_charge' },
  opinion: 'none', objection: '', stamp: null, no_stamp_reason: null, refusal: null, witness: null, held: true, ...over,
})
const signature = { strokes: [[[1, 2, 0]]], png_hash: 'a'.repeat(64) }

describe('a draft becomes the body of a confirmation', () => {
  it('in the shape that travels', () => {
    const body = bodyOf(draft({ no_stamp_reason: '印章在总店' }), { signature, witness: null, place: '茫曲镇团结路 18 号', at: AT })
    expect(wrongField(SHAPES['confirm']!, body)).toBeNull()
    expect(body.signer?.name).toBe('示例王某')
    expect(body.marks.no_stamp_reason).toBe('印章在总店')
  })

  it('without marks and signer when he refuses', () => {
    const body = bodyOf(draft({ refusal: { reason: 'disagrees', text: '' }, stamp: { hash: 'b'.repeat(64), size: 9 } }), { signature, witness: { name: '示例见证人', signature: null }, place: null, at: AT })
    expect(wrongField(SHAPES['confirm']!, body)).toBeNull()
    expect([body.marks.signature, body.marks.stamp, body.signer, body.refusal?.text]).toEqual([null, null, null, null])
  })

  it('says an objection only when there is one', () => {
    const said = (over: Partial<ConfirmDraft>) => bodyOf(draft(over), { signature, witness: null, place: null, at: AT }).objection
    expect(said({ opinion: 'none', objection: '写了又改选无异议' })).toBeNull()
    expect(said({ opinion: 'some', objection: ' 已经报修 ' })).toBe('已经报修')
  })
})

describe('the manifest shown', () => {
  it('stays while only time and frontier moved', () => {
    const state = fold(operations('both parts'))
    expect(sameWords(both.expect.manifest, manifest(visit, state, AT))).toBe(true)
  })

  it('is another as soon as a part reads otherwise', () => {
    expect(sameWords(both.expect.manifest, made('one part ready').expect.manifest)).toBe(false)
  })
})

describe('strokes', () => {
  it('a slip of the hand is no signature', () => {
    const stroke = (...points: [number, number][]) => ({ points: points.map(([x, y]) => ({ x, y, time: 0 })) })
    expect([[], [stroke()], [stroke([5, 5])], [stroke([5, 5], [9, 12])]].map(isSigned)).toEqual([false, false, false, false])
    expect([[stroke([10, 40], [60, 40])], [stroke([5, 5]), stroke([5, 40])]].map(isSigned)).toEqual([true, true])
  })

  it('are whole numbers from the first moment on', () => {
    expect(strokesOf([{ points: [{ x: 1.26, y: 2, time: 1000 }, { x: 3, y: 4.01, time: 1016.4 }] }, { points: [] }])).toEqual([[[13, 20, 0], [30, 40, 16]]])
  })

  it('never outgrow one operation, and keep the end of each line', () => {
    const points = Array.from({ length: 9_000 }, (_, n) => ({ x: n, y: n, time: n }))
    const [stroke] = strokesOf([{ points }])
    expect(stroke!.length).toBeLessThanOrEqual(2_501)
    expect(stroke!.at(-1)).toEqual([89_990, 89_990, 8_999])
    expect(JSON.stringify(stroke).length).toBeLessThan(60_000)
  })

  it('are read across on a pad that lies turned', () => {
    expect(turned({ top: 10, right: 380 }, 300, 110)).toEqual({ x: 100, y: 80 })
  })
})

describe('who signs', () => {
  it('confirms as leader, or a later part as its own leader', () => {
    const state = fold(operations('both parts'))
    const parts = confirming(visit, state)!.parts
    expect(parts).toEqual(['632525-ga', '632525-wj'])
    expect([mayConfirm(visit, state, 'li', parts), mayConfirm(visit, state, 'cai', parts), mayConfirm(visit, state, 'cai', ['632525-wj']), mayConfirm(visit, state, null, parts)]).toEqual([true, false, false, false])
    const later = { ...state, confirmations: [{}] } as unknown as typeof state
    expect(mayConfirm(visit, later, 'cai', ['632525-wj'])).toBe(true)
  })

  it('takes the lead only from the initiating department', () => {
    const state = fold(operations('both parts'))
    expect(['li', 'ma', 'cai'].map((one) => mayTakeLead(visit, state, one))).toEqual([false, true, false])
  })

  it('owes a signature until it is there', () => {
    const log = operations('both parts')
    const last = log.filter(({ device }) => device === 'phone-1').at(-1)!
    const confirm = { ...last, id: '019fa0a1-0001-7000-8000-0000000000f1', seq: last.seq + 1, kind: 'confirm', part: null, body: bodyOf(draft(), { signature, witness: null, place: null, at: AT }) } as unknown as Operation
    const sign = { ...confirm, id: '019fa0a1-0001-7000-8000-0000000000f2', seq: last.seq + 2, kind: 'sign', part: '632525-ga', body: { inspector: 'li', digest: draft().digest, ...signature } } as unknown as Operation
    const before = fold([...log, confirm])
    expect(owedSigns(visit, before).map(({ inspector }) => inspector.id)).toEqual(['li', 'ma', 'cai', 'qi'])
    const after = fold([...log, confirm, sign])
    expect(owedSigns(visit, after).map(({ inspector }) => inspector.id)).toEqual(['ma', 'cai', 'qi'])
    expect(partsShortOfSigns(visit, standing(after)[0]!).map(({ department }) => department.id)).toEqual(['632525-ga', '632525-wj'])
  })

  it('offers other people as such, whatever the profile says', () => {
    const profile = (roles: string[]) => rolesOf({ ...visit, profile: { ...visit.profile, signers: { roles, source: null } } })
    expect(profile(['legal_representative'])).toEqual(['legal_representative', 'other_person'])
    expect(profile([])).toEqual(['legal_representative', 'person_in_charge', 'authorised_person_on_site', 'other_person'])
  })
})

describe('what is missing', () => {
  it('names the entries first, then photos, then the rest once', () => {
    const gap = (code: Gap['code'], item: string | null, entry: string | null): Gap => ({ code, part: '632525-ga', item, entry, detail: '' })
    const part = visit.parts[0]!
    expect(missingWords(part, [gap('entry.unanswered', 'licence', 'a1'), gap('entry.photo_missing', 'licence', 'a2'), gap('finding.missing', 'licence', null), gap('finding.missing', 'security', null)])).toEqual(['差第 1 条已取得特种行业许…，照片 1 张', '还没有选定检查结果。'])
    expect(missingWords(part, [])).toEqual([])
  })
})
