import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { CalendarOf } from './package'
import { dueDay, isWorkingDay, lawDay, NO_CALENDAR, workingDaysBetween } from './workdays'

/** 国务院办公厅 2023: 中秋国庆 29 September to 6 October, 7 and 8 October made up. */
const AUTUMN = { holidays: ['2023-09-29', '2023-10-02', '2023-10-03', '2023-10-04', '2023-10-05', '2023-10-06'], makeup_days: ['2023-10-07', '2023-10-08'], years: [2023] }
type Case = { start: string, days: number, due: string | null, status: string }
/** The table that pytest reads too: the calendar as the server has it, and 67 due days. */
const table = JSON.parse(readFileSync(new URL('../../../tests/cases/deadlines.json', import.meta.url), 'utf8')) as CalendarOf & { cases: Case[] }

describe('working days', () => {
  const counted = table.cases.flatMap((one) => (one.due ? [[one.start, one.days, one.due] as const] : []))
  const unknown = table.cases.filter((one) => one.status === 'no_calendar')
  it('has every case', () => expect([table.cases.length, counted.length, unknown.length]).toEqual([67, 65, 2]))
  it.each(counted)('from %s the %i. is %s, as counted by hand', (start, count, due) => {
    expect(dueDay(start, count, table)).toEqual({ day: due, provisional: false })
    expect(workingDaysBetween(start, due, table)).toBe(count)
  })
  it.each(unknown)('does not pretend to know a day in a year without a calendar: $start', ({ start, days }) =>
    expect(dueDay(start, days, table).provisional).toBe(true))

  it('counts back over a day that is past', () => expect(workingDaysBetween('2023-10-09', '2023-09-28', AUTUMN)).toBe(-3))
  it('calls a day provisional while its year is not published', () => expect(dueDay('2023-12-29', 1, AUTUMN)).toEqual({ day: '2024-01-01', provisional: true }))
  it('counts weekdays without a calendar', () => expect([isWorkingDay('2026-11-21', NO_CALENDAR), isWorkingDay('2026-11-23', NO_CALENDAR)]).toEqual([false, true]))
  it('lives in China whatever the phone thinks', () => expect(lawDay(Date.parse('2026-11-20T16:30:00Z'))).toBe('2026-11-21'))
})
