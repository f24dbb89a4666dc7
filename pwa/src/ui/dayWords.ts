/** How are days and times of day said? 今天, 明天, 11月17日（周五）, 10:02. */
import { addDays, weekday } from '../rules/workdays'

const WEEKDAYS = '一二三四五六日'

export function dateWords(day: string): string {
  const [, month, date] = day.split('-').map(Number)
  return `${month}月${date}日`
}

export const longDate = (day: string): string => `${day.slice(0, 4)}年${dateWords(day)}`

export const weekdayWords = (day: string): string => `周${WEEKDAYS[weekday(day) - 1]}`

/** Near days by their name, others with their weekday. */
export function dayWords(day: string, today: string): string {
  if (day === today) return '今天'
  if (day === addDays(today, 1)) return '明天'
  return `${dateWords(day)}（${weekdayWords(day)}）`
}

/** The time of day somebody's clock showed. */
export const clockWords = (wall: string): string => wall.slice(11, 16)

/** 几个部门一起来: small numbers as they are spoken. */
export const countWords = (n: number): string => (n < 11 ? '零一两三四五六七八九十'[n]! : String(n))
