/** What does the screen show of each entry? Objects that stay the same while nothing changed, so that of 300 entries only the touched one is drawn again. */
import type { OpenVisit } from '../../local/useVisit'
import type { Whereabouts } from '../../local/tables'
import { askedOf } from '../../rules/answers'
import type { AnswerValue, MeasureBody, PhotoBody } from '../../rules/bodies'
import type { Gap } from '../../rules/gaps'
import type { ChecklistEntry, ItemOf } from '../../rules/package'
import type { Amendment, PartStateOf, Register, Written } from '../../rules/state'

export interface PhotoView { id: string; hash: string; caption: string | null; /** Null: the bytes are on another phone. */ where: Whereabouts | null }

export interface EntryView {
  entry: ChecklistEntry
  answer: AnswerValue | null
  where: Whereabouts | null
  photos: PhotoView[]
  measures: Written<MeasureBody>[]
  gap: Gap | null
  conflict: Register | null
  amended: Pick<Amendment, 'id' | 'before' | 'reason'>[]
}

const placed = <T extends { item: string | null; entry: string | null }>(things: readonly T[] | undefined, item: string, entry: string): T[] =>
  (things ?? []).filter((thing) => thing.item === item && thing.entry === entry)

export const photoView = (photo: Written<PhotoBody>, visit: Pick<OpenVisit, 'files'>): PhotoView => ({
  id: photo.id, hash: photo.hash, caption: photo.caption, where: visit.files.value.get(photo.hash)?.state ?? null,
})

/** Remembers the last views and gives an unchanged one again. */
export function entryViews(visit: Pick<OpenVisit, 'files' | 'whereabouts'>) {
  const last = new Map<string, { said: string; view: EntryView }>()
  return (item: ItemOf, part: PartStateOf | undefined, gaps: readonly Gap[]): EntryView[] => {
    const answers = part?.record.answers[item.id] ?? {}
    return askedOf(item.checklist.entries, answers).map((entry) => {
      const register = part?.registers[`answer/${item.id}/${entry.id}`]
      const head = register?.values[0]?.heads[0]?.id
      const view: EntryView = {
        entry,
        answer: answers[entry.id] ?? null,
        where: head && answers[entry.id] ? visit.whereabouts(head) : null,
        photos: placed(part?.record.photos, item.id, entry.id).map((photo) => photoView(photo, visit)),
        measures: placed(part?.record.measures, item.id, entry.id),
        gap: gaps.find((gap) => gap.item === item.id && gap.entry === entry.id) ?? null,
        conflict: register?.conflict ? register : null,
        amended: (part?.amendments ?? []).filter((amend) => amend.register === `answer/${item.id}/${entry.id}`).map(({ id, before, reason }) => ({ id, before, reason })),
      }
      const key = `${item.id}/${entry.id}`
      const said = JSON.stringify({ ...view, entry: null })
      const before = last.get(key)
      if (before?.said === said && before.view.entry === entry) return before.view
      last.set(key, { said, view })
      return view
    })
  }
}
