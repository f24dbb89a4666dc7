/** What came out of each item, what the answers propose, and what has to be written when the inspector agrees? */
import { judged as judgedBy } from '../../rules/answers'
import type { FindingValue, MeasureBody } from '../../rules/bodies'
import { proposed, type Gap } from '../../rules/gaps'
import type { ChecklistEntry, ItemOf, PartOf } from '../../rules/package'
import type { StateOf, Written } from '../../rules/state'

export interface ItemOutcome {
  item: ItemOf
  finding: FindingValue | null
  proposed: string[]
  /** What agreeing writes; empty where the finding stands or nothing follows yet. */
  agreed: string[]
  counts: { entries: number; pass: number; fail: number; notApplicable: number; notChecked: number; filled: number }
  failed: { entry: ChecklistEntry; words: string; photos: number }[]
  measures: Written<MeasureBody>[]
}

const same = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((one) => b.includes(one))

export function itemOutcome(state: StateOf, part: PartOf, item: ItemOf): ItemOutcome {
  const record = state.parts[part.department.id]?.record
  const answers = record?.answers[item.id] ?? {}
  const finding = record?.findings[item.id] ?? null
  const wished = proposed(state, item, part.department.id)
  const values = item.checklist.entries.flatMap((entry) => (answers[entry.id]?.value ? [{ entry, answer: answers[entry.id]! }] : []))
  const judged = values.flatMap(({ entry, answer }) => { const as = judgedBy(entry, answer.value); return as ? [{ entry, answer, as }] : [] })
  const failed = judged.filter(({ as }) => as === 'fail')
  const judgedAs = (value: string): number => judged.filter(({ as }) => as === value).length
  // A result that somebody chose with a reason stands; one that merely followed the answers follows them on.
  const stands = finding !== null && finding.outcomes.length > 0 && (finding.reason !== null || same(finding.outcomes, wished))
  return {
    item, finding, proposed: wished, agreed: stands ? [] : wished,
    counts: { entries: values.length, pass: judgedAs('pass'), fail: failed.length, notApplicable: judgedAs('not_applicable'), notChecked: judgedAs('not_checked'), filled: values.length - judged.length },
    failed: failed.map(({ entry, answer }) => ({
      entry, words: [...answer.phrases, answer.note].filter(Boolean).join('，') || entry.text,
      photos: (record?.photos ?? []).filter((photo) => photo.item === item.id && photo.entry === entry.id).length,
    })),
    measures: (record?.measures ?? []).filter((measure) => measure.item === item.id),
  }
}

/** What is still missing once the proposals are agreed to. */
export const gapsBeyond = (gaps: readonly Gap[], outcomes: readonly ItemOutcome[]): Gap[] => {
  const settled = new Set(outcomes.filter(({ agreed }) => agreed.length).map(({ item }) => item.id))
  return gaps.filter((gap) => !(gap.item && settled.has(gap.item) && ['finding.missing', 'finding.reason_missing'].includes(gap.code)))
}
