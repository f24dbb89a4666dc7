import { describe, expect, it } from 'vitest'
import { changeOf, formOf, lacking, newOf, several } from './entryForm'
import type { Entry } from './rows'

const entry = {
  id: 'e1', kind: 'joint', name: '2027年示例抽查', field: '旅馆业', initiating_department: { id: 'ga', name: '公安局' }, cooperating_departments: [{ id: 'wj', name: '卫健局' }],
  items: [{ id: 'i1', text: '甲', department: { id: 'ga', name: '公安局' } }], scope_text: '宾馆', ratio: { percent: 5, bound: 'exact' }, sample_size: null,
  frequency: { times: 1, per: 'year' }, window_start: '2027-04-01', window_end: '2027-11-30', methods: ['on_site'], origin: 'annual_plan',
} as unknown as Entry

describe('the form of a row', () => {
  it('sends only what was changed', () => {
    const form = formOf(entry)
    expect(changeOf(form, entry)).toEqual({})
    expect(changeOf({ ...form, percent: 10, field: '住宿' }, entry)).toEqual({ field: '住宿', ratio: { percent: 10, bound: 'exact' } })
    expect(changeOf({ ...form, items: [...form.items, { text: ' ', department: '' }] }, entry)).toEqual({})
  })
  it('a number of subjects takes the place of the ratio', () => {
    expect(changeOf({ ...formOf(entry), size: 10 }, entry)).toEqual({ ratio: null, sample_size: 10 })
  })
  it('asks what the ratio counts for where there are several carryings-out', () => {
    const form = { ...formOf(entry), per: 'quarter' }
    expect(several(form)).toBe(true)
    expect(several({ ...form, start: '2027-04-01', end: '2027-06-30' })).toBe(false)
    expect(lacking(form, false)).toContain('按每次')
    expect(lacking({ ...form, ratioPer: 'year' }, false)).toBe('')
    expect(changeOf({ ...form, ratioPer: 'year' }, entry)).toEqual({ frequency: { times: 1, per: 'quarter', ratio_per: 'year' } })
  })
  it('says what is lacking', () => {
    expect(lacking({ ...formOf(entry), end: '2027-03-01' }, false)).toContain('早于')
    expect(lacking(formOf(entry), true)).toContain('理由')
    expect(lacking({ ...formOf(null), name: '' }, false)).toContain('名称')
    expect(lacking({ ...formOf(entry), bound: 'range', percentMax: 5 }, false)).toContain('上限')
  })
  it('an own row has no partners', () => {
    const made = newOf({ ...formOf(entry), kind: 'own', reason: ' 示例 ' })
    expect([made.cooperating_department_ids, made.reason, made.report_no]).toEqual([[], '示例', undefined])
  })
})
