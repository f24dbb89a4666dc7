import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { dueDay, isWorkingDay, lawDay, NO_CALENDAR, workingDaysBetween } from './workdays'

/** 国务院办公厅 2023: 中秋国庆 29 September to 6 October, 7 and 8 October made up. */
const AUTUMN = { holidays: ['2023-09-29', '2023-10-02', '2023-10-03', '2023-10-04', '2023-10-05', '2023-10-06'], makeup_days: ['2023-10-07', '2023-10-08'], years: [2023] }
const table = readFileSync(new URL('../../../tests/cases/deadlines.csv', import.meta.url), 'utf8')

describe('working days', () => {
  const rows = table.trim().split('\n').slice(1).map((row) => row.split(','))
  const cases = rows.filter((row) => row[4]! >= '2023-09-09' && row[4]! <= '2023-11-30' && row.some((cell) => cell.trim() === 'ok'))
  it('has cases', () => expect(cases.length).toBeGreaterThan(3))
  it.each(cases.map((row) => [row[4]!, Number(row[2]), row[7]!] as const))('from %s the %i. is %s, as counted by hand', (start, count, due) => {
    expect(dueDay(start, count, AUTUMN)).toEqual({ day: due, provisional: false })
    expect(workingDaysBetween(start, due, AUTUMN)).toBe(count)
  })

  it('counts back over a day that is past', () => expect(workingDaysBetween('2023-10-09', '2023-09-28', AUTUMN)).toBe(-3))
  it('calls a day provisional while its year is not published', () => expect(dueDay('2023-12-29', 1, AUTUMN)).toEqual({ day: '2024-01-01', provisional: true }))
  it('counts weekdays without a calendar', () => expect([isWorkingDay('2026-11-21', NO_CALENDAR), isWorkingDay('2026-11-23', NO_CALENDAR)]).toEqual([false, true]))
  it('lives in China whatever the phone thinks', () => expect(lawDay(Date.parse('2026-11-20T16:30:00Z'))).toBe('2026-11-21'))
})
