import { describe, expect, it } from 'vitest'
import type { MyVisit } from '../../local/useVisits'
import { cardOf, inOrder, matches } from './sections'

const TODAY = '2026-11-18' // a Wednesday
const my = (over: object = {}, part: object | null = null, registers: object = {}): MyVisit => ({
  visit: { id: 'v', subject: { name: '示例旅店', credit_code: '91632525MA00000000', address: '示例路 1 号' }, parts: [{ department: { id: 'p', name: '示例局' }, team: [{ id: 'me' }], items: [{ id: 'one' }] }], leader: 'me', window: { start: '2026-11-01', end: '2026-12-31' }, due: { day: '2026-11-27' }, scheduled: null, todos: [], calendar: null, ...over },
  state: { registers, parts: part ? { p: { state: 'open', review: { returned: [] }, ...part } } : {}, confirmations: [] }, unsent: 0,
}) as unknown as MyVisit
const card = (...args: Parameters<typeof my>) => cardOf(my(...args), 'me', TODAY)

describe('my tasks', () => {
  it.each([
    ['today', { scheduled: { day: TODAY, time: null } }, null, {}],
    ['today', {}, null, { 'arrive/p/me': {} }],
    ['week', { scheduled: { day: '2026-11-20', time: '09:30' } }, null, {}],
    ['week', { scheduled: { day: '2026-11-16', time: null } }, null, {}],
    ['later', { scheduled: { day: '2026-11-23', time: null } }, null, {}],
    ['later', {}, null, {}],
    ['overdue', { due: { day: '2026-11-17' } }, null, {}],
    ['done', {}, { state: 'submitted' }, {}],
  ])('belong to %s', (tab, over, part, registers) => expect(card(over, part, registers).tab).toBe(tab))

  it('count working days themselves, and say so while the calendar is missing', () => {
    expect(card().due).toEqual({ days: 7, date: '2026-11-27', provisional: true })
    expect(card({ calendar: { holidays: ['2026-11-20'], makeup_days: ['2026-11-21'], years: [2026] } }).due).toEqual({ days: 7, date: '2026-11-27', provisional: false })
  })

  it('show what came back once, with the way to its place', () => {
    const returned = card({ todos: [{ id: 't', operation: 'o', item: 'one', text: '缺照片', due_day: null }] }, { state: 'returned', review: { returned: [{ id: 'o', item: 'one', reason: '第 5 条缺照片', answered: false }] } }).returned
    expect(returned).toMatchObject([{ id: 'o', text: '第 5 条缺照片', to: '/visits/v/checklist/one' }])
  })

  it('forget what was answered', () => {
    const answered = { state: 'submitted', review: { returned: [{ id: 'o', item: 'one', reason: '', answered: true }] } }
    expect(card({ todos: [{ id: 't', operation: 'o', item: 'one', text: '', due_day: null }] }, answered).returned).toEqual([])
  })

  it('stand in the order of the day', () => {
    const at = (id: string, time: string | null) => card({ id, scheduled: { day: TODAY, time } })
    expect([at('c', null), at('b', '15:00'), at('a', '10:00')].sort(inOrder).map(({ id }) => id)).toEqual(['a', 'b', 'c'])
  })

  it.each([['示例', true], ['9163 2525ma', true], ['示例路', true], ['别的', false], ['  ', true]])('are found by %s: %s', (query, found) => expect(matches(my().visit.subject, query)).toBe(found))
})
