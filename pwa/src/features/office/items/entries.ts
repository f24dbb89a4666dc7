/** What the editor knows of an entry: its shape for the phone, what others may hang on, how it reads in one line. */
import type { components } from '../../../api/types'
import type { ChecklistEntry } from '../../../rules/package'
import { items_answer, items_entry_field, items_evidence, visits_answer } from '../../../terms/generated'
import { limitWords } from '../../../ui/recordWords'

export type Entry = components['schemas']['DraftEntry']
export type Fault = components['schemas']['Fault']

export const blank = (id: string): Entry => ({
  id, text: '', answer: 'pass_fail', unit: null, choices: [], required: true, content: null, method: null, basis: null, evidence: 'none', phrases: [], condition: null,
})

/** A name that no entry of the list has; it stays with the entry through all versions. */
export function freeId(entries: readonly Entry[]): string {
  const taken = new Set(entries.map(({ id }) => id))
  for (let n = entries.length + 1; ; n += 1) if (!taken.has(`e${n}`)) return `e${n}`
}

export const limitsOf = (entry: Entry): { min: string | null; max: string | null } | undefined =>
  entry.answer === 'number' && (entry.limits?.min || entry.limits?.max) ? { min: entry.limits.min || null, max: entry.limits.max || null } : undefined

/** As the phone gets it. */
export function forPhone(entry: Entry, at: number): ChecklistEntry {
  const limits = limitsOf(entry)
  return {
    id: entry.id ?? `e${at + 1}`, no: entry.no ?? String(at + 1), text: entry.text || '（还没有写检查内容）', answer: entry.answer, unit: entry.unit,
    choices: entry.choices ?? [], required: entry.required, content: entry.content, method: entry.method, basis: entry.basis,
    evidence: entry.evidence, phrases: entry.phrases ?? [], condition: entry.condition as ChecklistEntry['condition'], ...(limits ? { limits } : {}),
  }
}

/** Which answers of an entry another may hang on: code and label. */
export function answersOf(entry: Entry): [string, string][] {
  if (entry.answer === 'choice') return (entry.choices ?? []).filter(Boolean).map((one) => [one, one])
  const judgements = entry.answer === 'pass_fail' ? ['fail', 'pass', 'not_applicable'] : limitsOf(entry) ? ['fail', 'pass'] : []
  return judgements.map((one) => [one, visits_answer[one] ?? one])
}

export const wantedOf = (entry: Entry): string[] => (entry.condition ? [entry.condition.is as string | string[]].flat() : [])

/** 合格 / 不合格 · 不合格时拍照 · 第3条不合格时. */
export function brief(entry: Entry, all: readonly Entry[]): string {
  const limits = limitsOf(entry)
  const on = all.findIndex(({ id }) => id === entry.condition?.entry)
  return [
    items_answer[entry.answer], limits ? limitWords(limits) + (entry.unit ? ` ${entry.unit}` : '') : entry.unit, entry.evidence === 'none' ? '' : items_evidence[entry.evidence],
    entry.condition ? `第 ${on < 0 ? '?' : (all[on]!.no ?? on + 1)} 条${wantedOf(entry).map((one) => visits_answer[one] ?? one).join('、')}时` : '', entry.required ? '' : '选填',
  ].filter(Boolean).join(' · ')
}

/** A field's value in words, for comparisons. */
export function fieldWords(entry: Entry | null, field: string, all: readonly Entry[]): string {
  if (!entry) return ''
  const value = entry[field as keyof Entry]
  if (field === 'answer') return items_answer[entry.answer] ?? ''
  if (field === 'evidence') return items_evidence[entry.evidence] ?? ''
  if (field === 'required') return entry.required ? '必填' : '选填'
  if (field === 'limits') return limitsOf(entry) ? limitWords(limitsOf(entry)!) : '没有'
  if (field === 'condition') {
    const on = all.find(({ id }) => id === entry.condition?.entry)
    return entry.condition ? `第 ${on?.no ?? '?'} 条${wantedOf(entry).map((one) => visits_answer[one] ?? one).join('、')}时` : '没有'
  }
  return Array.isArray(value) ? value.join('；') || '没有' : String(value ?? '') || '没有'
}

export const fieldLabel = (field: string): string => items_entry_field[field] ?? field
