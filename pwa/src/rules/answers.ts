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

type Judging = Pick<ChecklistEntry, 'answer' | 'limits'>

/** A decimal text in millionths: exact, however long. */
function millionths(decimal: string): bigint {
  const [whole = '0', rest = ''] = decimal.replace('-', '').split('.')
  const size = BigInt(whole + rest.padEnd(6, '0'))
  return decimal.startsWith('-') ? -size : size
}

/** How the answer judges: as tapped, or a measured number by its limits; null where nothing is judged. */
export function judged(entry: Judging, value: string | null): string | null {
  if (value === null) return null
  if (entry.answer === 'pass_fail') return PASS_FAIL.includes(value) ? value : null
  if (entry.answer !== 'number' || !entry.limits || !NUMBER.test(value)) return null
  const { min, max } = entry.limits
  const measured = millionths(value)
  return (min !== null && measured < millionths(min)) || (max !== null && measured > millionths(max)) ? 'fail' : 'pass'
}

/** The entries whose conditions are met, in order; what hangs on an entry that is not asked is not asked. */
export function askedOf<E extends Judging & Pick<ChecklistEntry, 'id' | 'condition'>>(entries: readonly E[], answers: Answers): E[] {
  const said = new Map<string, (string | null)[]>()
  return entries.filter((entry) => {
    const wanted = entry.condition ? [entry.condition.is].flat() : null
    if (wanted && !said.get(entry.condition!.entry)?.some((one) => one !== null && wanted.includes(one))) return false
    const value = answerValue(answers, entry.id)
    said.set(entry.id, [value, judged(entry, value)])
    return true
  })
}

/** The outcome that follows from the answers of one item; empty while it does not follow yet. */
export function proposeOutcome(entries: ChecklistEntry[], answers: Answers, measures: { kind: string }[] = []): string[] {
  const asked = askedOf(entries, answers)
  const given = asked.map((entry) => judged(entry, answerValue(answers, entry.id))).filter((one) => one !== null)
  if (given.includes('fail')) {
    const ordered = measures.some((measure) => measure.kind === 'rectification_order')
    return [ordered ? 'rectification_ordered' : 'pending_follow_up']
  }
  if (asked.some((entry) => entry.required && answerValue(answers, entry.id) === null)) return []
  const nothing = asked.every((entry) => answerValue(answers, entry.id) === null)
  if (nothing || given.includes('not_checked')) return []
  if (given.length > 0 && given.every((value) => value === 'not_applicable')) return ['activity_not_found']
  return ['no_problem']
}
