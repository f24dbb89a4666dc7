/** What do the cells, facts and doubts of a table that is being taken in look like, and which of them is loud? */
import type { components } from '../../../api/types'
import { plans_item_category, plans_method, plans_targeting } from '../../../terms/generated'
import { dayWords, frequencyWords, ratioWords } from '../words'

type S = components['schemas']
export type Reading = S['TableReading']
export type ReadTask = S['ReadTask']
export type ReadFact = S['ReadFact']
export type ReadDoubt = S['ReadDoubt']
export type Answer = S['AnswerGiven']
export type Rows = S['TableRows']
export interface Cell { sheet: string; row: number; column: number; raw: string }
export type Printed = string | null | [string, number, number]
export type Tone = 'red' | 'amber' | 'dotted'
export interface Question { number: number; doubt: ReadDoubt; tone: Tone }
export interface Ratio { percent?: number; bound: string; percent_max?: number; sample_size?: number }
export interface Item { department: string | null; text: string }

/** Facts in the order of a notice's table; what is not here stands behind. */
export const ORDER = ['seq', 'task_name', 'plan_name', 'field', 'lead_department', 'cooperating_departments', 'items', 'subject_scope', 'ratio', 'sample_size', 'frequency', 'window', 'methods', 'item_category', 'targeting', 'tier', 'mode', 'risk_policy']
const READ_ONLY = new Set(['region', 'risk_policy', 'plan_no', 'executing_unit', 'contact', 'draw_window', 'remark', 'basis', 'origin', 'area'])
/** Which facts a person may put right here; the rest is carried as printed. */
export const editable = (fact: string): boolean => !READ_ONLY.has(fact)

/** Red: it contradicts itself, cannot be, or has slid; amber: somebody must decide; dotted: read as meant. */
export function toneOf(doubt: ReadDoubt): Tone {
  if (!doubt.asks) return 'dotted'
  return /(conflict|shifted|unreadable|reversed|overwritten|disagree|unknown|not_read)$/.test(doubt.code) ? 'red' : 'amber'
}

/** The open questions in the order of the table, numbered as the cells show it. */
export function questionsOf(reading: Reading): Question[] {
  const place = (one: ReadDoubt): number => one.cells[0]?.row ?? (one.task === null ? 0 : firstRow(reading.tasks[one.task]!))
  return reading.doubts
    .filter((one) => one.asks)
    .map((doubt, at) => ({ doubt, at }))
    .sort((a, b) => place(a.doubt) - place(b.doubt) || a.at - b.at)
    .map(({ doubt }, at) => ({ number: at + 1, doubt, tone: toneOf(doubt) }))
}

/** The row a task begins in. */
export function firstRow(task: ReadTask): number {
  return Math.min(...Object.values(task.facts).flatMap((fact) => fact.cells.map((cell) => cell.row)), Infinity)
}

/** Every row of a sheet → the task that was read from it: from its first cell to the next task's. */
export function rowsOfTasks(tasks: readonly ReadTask[], sheet: string, skipped: ReadonlySet<number>, last: number): Map<number, number> {
  const begins = tasks
    .map((task, index) => ({ index, row: Math.min(...Object.values(task.facts).flatMap((fact) => fact.cells.filter((cell) => cell.sheet === sheet).map((cell) => cell.row)), Infinity) }))
    .filter((one) => Number.isFinite(one.row))
    .sort((a, b) => a.row - b.row)
  const rows = new Map<number, number>()
  begins.forEach((one, order) => {
    const end = begins[order + 1]?.row ?? last + 1
    for (let row = one.row; row < end; row++) if (!skipped.has(row)) rows.set(row, one.index)
  })
  return rows
}

/** Which fact of which task stands in a cell? */
export function factAt(reading: Reading, cell: { sheet: string; row: number; column: number }): { task: number; fact: string } | null {
  for (const [task, one] of reading.tasks.entries()) {
    for (const [fact, held] of Object.entries(one.facts)) {
      if (held.cells.some((at) => at.sheet === cell.sheet && at.row === cell.row && at.column === cell.column)) return { task, fact }
    }
  }
  return null
}

/** A value as a person reads it. */
export function valueWords(fact: string, held: ReadFact): string {
  const value = held.value
  if (value === null || value === undefined || value === '' || (Array.isArray(value) && !value.length)) return ''
  if (fact === 'ratio') return ratioWords(value as Ratio & { percent: number })
  if (fact === 'sample_size') return `${String(value)} 户`
  if (fact === 'frequency') return frequencyWords(value as { times: number; per: string })
  if (fact === 'window') return `${dayWords((value as { start: string }).start)} 至 ${dayWords((value as { end: string }).end)}`
  if (fact === 'methods') return (value as string[]).map((one) => plans_method[one] ?? one).join('、')
  if (fact === 'items') return (value as Item[]).map((one) => one.text).join('；')
  if (fact === 'item_category') return plans_item_category[String(value)] ?? String(value)
  if (fact === 'targeting') return plans_targeting[String(value)] ?? String(value)
  if (fact === 'risk_policy') return (value as { text: string }).text
  return Array.isArray(value) ? value.join('、') : String(value)
}

/** 1 → A, 27 → AA: the letters of the table itself. */
export function letters(column: number): string {
  let name = ''
  for (let at = column; at > 0; at = Math.floor((at - 1) / 26)) name = String.fromCharCode(65 + ((at - 1) % 26)) + name
  return name
}
export const placeOf = (cells: readonly { row: number; column: number }[]): string => cells.slice(0, 3).map((cell) => `${letters(cell.column)}${cell.row}`).join('、') + (cells.length > 3 ? ` 等 ${cells.length} 格` : '')
