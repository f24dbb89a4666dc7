/** Which days are working days, and how many are left? The twin of backend/onevisit/core/calendar.py, over days as text. */
import type { CalendarOf } from './package'

const DAY = 86_400_000
const utc = (day: string): Date => new Date(`${day}T00:00:00Z`)

export const NO_CALENDAR: CalendarOf = { holidays: [], makeup_days: [], years: [] }

/** The law's day: in China, wherever the phone's clock thinks it is. */
export const lawDay = (now: number): string => new Date(now + 8 * 3_600_000).toISOString().slice(0, 10)

export const addDays = (day: string, days: number): string => new Date(utc(day).getTime() + days * DAY).toISOString().slice(0, 10)

/** 1 Monday … 7 Sunday. */
export const weekday = (day: string): number => utc(day).getUTCDay() || 7

export const isWorkingDay = (day: string, calendar: CalendarOf): boolean =>
  calendar.makeup_days.includes(day) || (weekday(day) < 6 && !calendar.holidays.includes(day))

/** Whether the calendar of every year from first to last is published. */
export function knows(first: string, last: string, calendar: CalendarOf): boolean {
  for (let year = Number(first.slice(0, 4)); year <= Number(last.slice(0, 4)); year++) if (!calendar.years.includes(year)) return false
  return true
}

/** The n-th working day after `start`, whose own day is not counted (民法典 art. 201). */
export function dueDay(start: string, workingDays: number, calendar: CalendarOf): { day: string; provisional: boolean } {
  let [day, left] = [start, workingDays]
  while (left > 0) {
    day = addDays(day, 1)
    if (isWorkingDay(day, calendar)) left -= 1
  }
  return { day, provisional: !knows(start, day, calendar) }
}

/** Working days after `start` up to and with `end`; negative when `end` is past. */
export function workingDaysBetween(start: string, end: string, calendar: CalendarOf): number {
  if (end < start) return -workingDaysBetween(end, start, calendar)
  let count = 0
  for (let day = addDays(start, 1); day <= end; day = addDays(day, 1)) if (isWorkingDay(day, calendar)) count += 1
  return count
}
