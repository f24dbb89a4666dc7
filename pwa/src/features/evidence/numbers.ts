/** Which number does the next sample or receipt get? Visit, department's place among the parts, running number: made without asking anybody. */
import type { PartOf, VisitPackage } from '../../rules/package'
import type { PartStateOf } from '../../rules/state'

const MARKS = { samples: ['样', 'sample.add'], evidence: ['据', 'evidence.take'] } as const

/** What was taken back keeps its number: nothing gets it a second time. */
export function nextNumber(visit: VisitPackage, part: PartOf, there: PartStateOf | undefined, shelf: 'samples' | 'evidence'): string {
  const [mark, kind] = MARKS[shelf]
  const used = (there?.record[shelf].length ?? 0) + (there?.withdrawn.filter((one) => one.kind === kind).length ?? 0)
  const place = visit.parts.findIndex(({ department }) => department.id === part.department.id)
  return `${visit.visit_no}-${place + 1}-${mark}${used + 1}`
}
