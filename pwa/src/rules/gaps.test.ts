import { describe, expect, it } from 'vitest'
import { answerFits, askedOf, judged, proposeOutcome, type Answers } from './answers'
import type { ConfirmBody } from './bodies'
import { cases } from './cases'
import { fold } from './fold'
import { confirmationGaps, gaps, progress, signingGaps } from './gaps'
import { parseOperation } from './operations'
import type { ChecklistEntry, VisitPackage } from './package'

interface Tables {
  package: VisitPackage
  parts: { name: string; operations: unknown[]; on_site: boolean; expect: { gaps: unknown; progress: unknown } }[]
  confirmations: { name: string; combination: 'all' | 'either'; body: ConfirmBody; expect: unknown }[]
  signing: { name: string; operations: unknown[]; confirmation: string; expect: unknown }[]
}
interface AnswerTables {
  fits: { entry: ChecklistEntry; value: string; expect: boolean }[]
  judged: { entry: ChecklistEntry; value: string | null; expect: string | null }[]
  asked: { entries: ChecklistEntry[]; answers: Answers; expect: string[] }[]
  proposals: { entries: ChecklistEntry[]; answers: Answers; measures: { kind: string }[]; expect: string[] }[]
}

const tables = cases<Tables>('gaps_parts')
const answers = cases<AnswerTables>('gaps_answers')

describe('gaps', () => {
  it.each(tables.parts)('$name', (row) => {
    const visit = structuredClone(tables.package)
    visit.profile.check_on_site.required = row.on_site
    const state = fold(row.operations.map(parseOperation))
    expect(gaps(state, visit)).toEqual(row.expect.gaps)
    expect(progress(state, visit)).toEqual(row.expect.progress)
  })
  it.each(tables.confirmations)('of a confirmation: $name', (row) => {
    const visit = structuredClone(tables.package)
    visit.profile.subject_mark.combination = row.combination
    expect(confirmationGaps(visit, row.body)).toEqual(row.expect)
  })
  it.each(tables.signing)('of signatures: $name', (row) => {
    expect(signingGaps(fold(row.operations.map(parseOperation)), tables.package, row.confirmation)).toEqual(row.expect)
  })
})

describe('answers', () => {
  it.each(answers.fits)('$entry.answer: $value', (row) => {
    expect(answerFits(row.entry, row.value)).toBe(row.expect)
  })
  it.each(answers.judged)('$entry.answer $value is judged $expect', (row) => {
    expect(judged(row.entry, row.value)).toBe(row.expect)
  })
  it.each(answers.asked)('asks $expect', (row) => {
    expect(askedOf(row.entries, row.answers).map(({ id }) => id)).toEqual(row.expect)
  })
  it.each(answers.proposals)('propose $expect', (row) => {
    expect(proposeOutcome(row.entries, row.answers, row.measures)).toEqual(row.expect)
  })
})
