/** Where does the checklist go on? The rest in one tap, then what is missing, the next item, the results. */
import { answerValue, askedOf, type Answers } from '../../rules/answers'
import type { Gap, PartProgress } from '../../rules/gaps'
import type { ChecklistEntry, ItemOf, PartOf } from '../../rules/package'

export type Onward =
  | { to: 'rest'; entries: ChecklistEntry[]; whole: boolean }
  | { to: 'missing'; entry: string; count: number; text: string }
  | { to: 'item'; item: string; name: string }
  | { to: 'results' }

/** Entries of the item that still may all be 合格: asked, to be judged, not answered, not in conflict. */
export const unjudged = (item: ItemOf, answers: Answers, conflicts: readonly string[]): ChecklistEntry[] =>
  askedOf(item.checklist.entries, answers).filter((entry) => entry.answer === 'pass_fail' && answerValue(answers, entry.id) === null && !conflicts.includes(`answer/${item.id}/${entry.id}`))

export function onwardFrom(part: PartOf, item: ItemOf, answers: Answers, conflicts: readonly string[], gaps: readonly Gap[], progress: PartProgress | undefined): Onward {
  const rest = unjudged(item, answers, conflicts)
  if (rest.length) return { to: 'rest', entries: rest, whole: rest.length === askedOf(item.checklist.entries, answers).length }
  const missing = gaps.filter((gap) => gap.item === item.id && gap.entry !== null)
  if (missing.length) {
    const entry = item.checklist.entries.find(({ id }) => id === missing[0]!.entry)
    return { to: 'missing', entry: missing[0]!.entry!, count: new Set(missing.map((gap) => gap.entry)).size, text: missing[0]!.code === 'entry.unanswered' && entry ? `第 ${entry.no} 条` : missing[0]!.detail.replace(/。$/, '') }
  }
  const at = part.items.findIndex(({ id }) => id === item.id)
  const others = [...part.items.slice(at + 1), ...part.items.slice(0, at)]
  const next = others.find((other) => {
    const there = progress?.items.find((one) => one.item === other.id)
    return there && there.answered < there.entries && there.outcomes.length === 0
  })
  return next ? { to: 'item', item: next.id, name: next.name } : { to: 'results' }
}
