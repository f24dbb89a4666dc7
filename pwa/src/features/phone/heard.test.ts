import { expect, it } from 'vitest'
import { heard, lateness } from './heard'
import { heldWords } from './heldWords'

const NOW = Date.parse('2026-11-12T10:00:00Z')
const ago = (hours: number): string => new Date(NOW - hours * 3_600_000).toISOString()

it.each([
  [0.2, '', '一小时内联系过'], [23.9, '', '23 小时前联系过'], [24, 'warn', '24 小时前联系过'], [71.9, 'warn', '2 天没有联系上'], [72, 'bad', '3 天没有联系上'],
] as const)('a phone unheard of for %s hours is said so', (hours, tone, words) => {
  expect([lateness(ago(hours), NOW), heard(ago(hours), NOW)]).toEqual([tone, words])
})

it('says of a held operation what the leader must know, and of an unknown one that it is not here', () => {
  const entry = { id: 'e', no: '3', text: '疏散通道' }
  const visit = { parts: [{ items: [{ id: 'i', name: '消防', checklist: { entries: [entry] } }] }] } as never
  expect(heldWords(visit, { body: { item: 'i', entry: 'e', value: 'fail', note: '堵了' } } as never, 'answer.set')).toEqual({ title: '检查内容作答', text: '消防　第 3 条 疏散通道　不合格　堵了' })
  expect(heldWords(visit, undefined, 'new.kind')).toEqual({ title: 'new.kind', text: '内容不在这部手机上' })
})
