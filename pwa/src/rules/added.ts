/** Which items does a part really have? Those planned, and those added on the spot with the words of their checklist. The twin of visits/added.py. */

import type { AddedItemValue } from './bodies'
import type { ItemOf, PartOf, VisitPackage } from './package'
import type { RecordOf, StateOf } from './state'

/** The package with what was added put among each part's items; an item whose checklist is not here stays out. */
export function withAdded(visit: VisitPackage, state: StateOf): VisitPackage {
  const parts = visit.parts.map((part) => whole(part, state.parts[part.department.id]?.record))
  return parts.every((part, n) => part === visit.parts[n]) ? visit : { ...visit, parts }
}

/** Items that were added and of which only the name is known here. */
export function onlyAdded(planned: Pick<PartOf, 'items'>, record: Pick<RecordOf, 'items'> | undefined): string[] {
  return Object.keys(record?.items ?? {}).filter((id) => !planned.items.some((item) => item.id === id)).sort()
}

function whole(part: PartOf, record: RecordOf | undefined): PartOf {
  const added = onlyAdded(part, record).flatMap((id) => wordsOf(part, id, record!.items[id]!) ?? [])
  return added.length ? { ...part, items: [...part.items, ...added] } : part
}

function wordsOf(part: PartOf, id: string, value: AddedItemValue): ItemOf | null {
  const listed = part.addable?.find((one) => one.id === id && one.checklist.hash === value.checklist?.hash)
  if (!listed?.checklist.entries?.length) return null
  return { id, code: value.code, name: value.name, legal_basis: value.legal_basis, checklist: listed.checklist }
}
