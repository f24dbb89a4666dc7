/** Is this an answer of the entry's kind, does the entry apply, which result is proposed? Twin of visits/answers.py. */

import type { AnswerValue } from './bodies'
import type { ChecklistEntry } from './package'
import { isDay } from './shapes'

const NUMBER = /^-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,6})?$/
const PASS_FAIL = ['pass', 'fail', 'not_applicable', 'not_checked']

export type Answers = Record<string, Pick<AnswerValue, 'value'>>

/** Whether a value is an answer of the entry's kind; measured numbers are decimal texts (no floats). */
export function answerFits(entry: Pick<ChecklistEntry, 'answer' | 'choices'>, value: string): boolean {
  if (entry.answer === 'pass_fail') return PASS_FAIL.includes(value)
  if (entry.answer === 'number') return NUMBER.test(value)
  if (entry.answer === 'choice') return entry.choices.includes(value)
  if (entry.answer === 'date') return isDay(value)
  return true
}

/** The value of an entry's answer, null where there is none. */
export const answerValue = (answers: Answers, entry: string): string | null => answers[entry]?.value ?? null

/** Whether the entry's condition is met. */
export function applies(entry: Pick<ChecklistEntry, 'condition'>, answers: Answers): boolean {
  if (entry.condition === null) return true
  const value = answerValue(answers, entry.condition.entry)
  return value !== null && [entry.condition.is].flat().includes(value)
}

/** The outcome that follows from the answers of one item; empty while it does not follow yet. */
export function proposeOutcome(entries: ChecklistEntry[], answers: Answers, measures: { kind: string }[] = []): string[] {
  const asked = entries.filter((entry) => applies(entry, answers))
  const judged = asked.filter((entry) => entry.answer === 'pass_fail').map((entry) => answerValue(answers, entry.id))
  if (judged.includes('fail')) {
    const ordered = measures.some((measure) => measure.kind === 'rectification_order')
    return [ordered ? 'rectification_ordered' : 'pending_follow_up']
  }
  if (asked.some((entry) => entry.required && answerValue(answers, entry.id) === null)) return []
  const given = judged.filter((value) => value !== null)
  const nothing = asked.every((entry) => answerValue(answers, entry.id) === null)
  if (nothing || given.includes('not_checked')) return []
  if (given.length > 0 && given.every((value) => value === 'not_applicable')) return ['activity_not_found']
  return ['no_problem']
}
