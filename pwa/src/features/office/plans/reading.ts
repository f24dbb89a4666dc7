/** Which cell of the printed table does a doubt speak of, and how loud is it? */
import type { components } from '../../../api/types'
import { plans_doubt } from '../../../terms/generated'

export interface Cell { sheet: string; row: number; column: number; raw: string }
export interface ReadTask {
  seq: number | null
  field: string | null
  plan_name: string | null
  task_name: string | null
  lead_department: string | null
  cooperating_departments: string[]
  items: { department: string | null; text: string }[]
  items_raw: { department: string | null; text: string }[]
  subject_scope: string | null
  ratio: { percent: number; bound: string; percent_max?: number } | null
  ratio_raw: string | null
  sample_size?: number | null
  frequency: { times: number; per: string } | null
  window_raw: string | null
  window: { start: string; end: string } | null
  methods: string[]
  methods_raw: string | null
  problems: string[]
  provenance: Record<string, Cell | undefined>
}
export interface ReadPlan { plan_name: string | null; year: number | null; document_no: string | null; file_kind: string; problems: string[] }
export interface Reading { plan: ReadPlan; tasks: ReadTask[]; grids: components['schemas']['Grid'][]; asks: string[] }

export type Tone = 'red' | 'amber' | 'dotted'
export interface ReadDoubt { number: number; code: string; label: string; text: string; tone: Tone; cells: Cell[] }

/** Which fact a doubt is about, by the first word of its code. */
const FACTS: [RegExp, string[]][] = [
  [/^(ratio|two_draws)/, ['ratio']],
  [/^(frequency|quarterly|monthly|half_yearly)/, ['ratio', 'frequency']],
  [/^(window|ambiguous|year_|date_style|month_in)/, ['window']],
  [/^lead/, ['lead_department']],
  [/^(department|missing_department|two_departments|numbered_departments|cooperating|name_without)/, ['cooperating_departments']],
  [/(item|attribution|same_item|number_missing|separator)/, ['items']],
  [/^(scope|blank_in_scope|overlap|same_scope|same_lead)/, ['subject_scope']],
  [/^(field)/, ['field']],
  [/^(plan_|task_name|repeated_task)/, ['plan_name']],
  [/^method/, ['methods']],
  [/^category/, ['category', 'item_category']],
  [/^(typo|punctuation|truncated|leading_blank|blank_in|newline)/, []],
]

export function doubtOf(text: string, asks: ReadonlySet<string>, provenance: ReadTask['provenance'], number: number): ReadDoubt {
  const [code = '', ...rest] = text.split(': ')
  const words = rest.join(': ') || text
  const named = FACTS.find(([pattern]) => pattern.test(code))?.[1] ?? ['seq']
  const quoted = [...words.matchAll(/“([^”]{2,})”/g)].map((one) => one[1]!)
  const byFact = named.flatMap((fact) => provenance[fact] ?? [])
  const byQuote = Object.values(provenance).flatMap((cell) => (cell && quoted.some((word) => cell.raw.includes(word)) ? [cell] : []))
  const cells = [...new Map((byFact.length ? byFact : byQuote).map((cell) => [`${cell.sheet}|${cell.row}|${cell.column}`, cell])).values()]
  return { number, code, label: plans_doubt[code] ?? code, text: words, tone: toneOf(code, asks), cells }
}

/** Red: it contradicts itself or has slid; amber: in doubt; dotted: read as meant, silently. */
function toneOf(code: string, asks: ReadonlySet<string>): Tone {
  if (/(conflict|shifted|unreadable|reversed|overwritten|disagree)$/.test(code)) return 'red'
  return asks.has(code) ? 'amber' : 'dotted'
}

/** 1 → A, 27 → AA: the letters of the table itself. */
export function letters(column: number): string {
  let name = ''
  for (let at = column; at > 0; at = Math.floor((at - 1) / 26)) name = String.fromCharCode(65 + ((at - 1) % 26)) + name
  return name
}
