import { expect, test } from 'vitest'
import { emptyForm, entryOf, positionOf } from './subjectEntry'

test('a position is read as people write it, and said to be wrong where it cannot be', () => {
  expect(positionOf('35.5865，100.7473')).toEqual({ lat_e7: 355865000, lon_e7: 1007473000 })
  expect(positionOf(' ')).toBeNull()
  for (const wrong of ['35.5', '100.7473,35.5865,1', 'a,b', '95,100', '35,', '35.5 100.7']) expect(positionOf(wrong)).toBeUndefined()
})

test('empty licences stay behind, a legal person names nobody else, kept warnings travel', () => {
  const form = { ...emptyForm(), name: '示例', licences: [{ name: ' ', no: '', valid_to: '', state: 'valid' }, { name: '许可', no: '', valid_to: '2027-01-01', state: 'valid' }], responsible: { id: 'x', name: '示例公司' } }
  const sent = entryOf(form, ['keep_code'])
  expect(sent.licences).toEqual([{ name: '许可', no: null, valid_to: '2027-01-01', state: 'valid' }])
  expect([sent.responsible_id, sent.keep_code, sent.although_similar, sent.risk_day]).toEqual([null, true, false, null])
  expect(entryOf({ ...form, kind: 'product' }, []).responsible_id).toBe('x')
})
