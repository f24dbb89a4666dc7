import { describe, expect, it } from 'vitest'
import { cases } from './cases'
import { fold } from './fold'
import type { Manifest } from './manifest'
import { parseOperation } from './operations'
import type { VisitPackage } from './package'
import { countOf, mayReview, reviewed, signedWords, type VisitInFull } from './reviewing'

interface Tables { package: VisitPackage; made: { name: string; operations: unknown[]; expect: { manifest: Manifest; digest: string } }[] }
const tables = cases<Tables>('manifest_visit')

function full(name: string, over: Partial<VisitInFull> = {}): VisitInFull {
  const record = fold(tables.made.find((one) => one.name === name)!.operations.map(parseOperation))
  const parts = tables.package.parts.map(({ department }) => ({ department_id: department.id, state: 'submitted', state_label: '待审核', version: 1, to_sign_again: false, missing_files: [{ hash: 'a', kind: 'photo' }], limits: [], more_than_a_day_apart: false }))
  const manifests = record.confirmations.map((one) => ({ operation: one.id, digest: one.digest, short_code: '', parts: one.parts, state: one.state, state_label: '与当事人签字时一致', differs: [], confirmed_at: one.at }))
  return { id: tables.package.id, no: '1', package: tables.package, record, parts, manifests, held: [], people: {}, ...over }
}

describe('a part under review', () => {
  const part = reviewed(full('both parts'), '632525-ga')!

  it('shows items with failures first, clean ones last', () => {
    expect(part.items.map(({ id }) => id)).toEqual(['security', 'licence'])
    expect([countOf(part.items, 'failed'), countOf(part.items, 'passed')]).toEqual([1, 6])
    expect(part.items[0]!.entries.find(({ weight }) => weight === 'failed')).toMatchObject({ no: '2', told: '二层东走廊 1 路摄像头无画面' })
  })

  it('is the document of this part alone, as it is kept', () => {
    const signed = tables.made.find((one) => one.name === 'both parts')!.expect.manifest
    expect(part.manifest!.parts).toEqual([signed.parts[0]])
  })

  it('has no document while nothing was recorded', () => {
    const empty = reviewed(full('both parts', { record: fold([]) }), '632525-ga')!
    expect([empty.manifest, empty.confirmation, countOf(empty.items, 'open')]).toEqual([null, null, 5])
  })

  it('counts missing originals, and says when nobody signed yet', () => {
    expect(part.missing).toBe(1)
    expect(signedWords(part)).toBe('当事人还没有确认')
    expect(reviewed(full('both parts'), '632525-zz')).toBeNull()
  })

  it('says what was changed after the signature, and what still wants one', () => {
    const changed = reviewed(full('supplement'), '632525-ga')!
    expect(changed.amendments.length).toBeGreaterThan(0)
    expect(signedWords(changed)).toMatch(/^与当事人签字时一致，签后更改 \d+ 处，\d+ 处还没有补签$/)
    expect(changed.chain.map(({ kind }) => kind)).toEqual(['confirm'])
  })

  it('is reviewed by its own department only', () => {
    const who = (department: string, roles: string[], inspector: string | null = null) => mayReview({ department, roles, inspector }, part)
    expect([who('632525-ga', ['desk']), who('632525-ga', ['inspector'], 'li'), who('632525-ga', ['inspector'], 'ma'), who('632525-wj', ['desk']), who('632525-ga', ['joint_office'])]).toEqual([true, true, false, false, false])
  })
})
