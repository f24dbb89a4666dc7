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

type Placed = { item: string | null; entry: string | null }
/** The things of one item by their entry: looked through once, not once for each of 300 entries. */
function byEntry<T extends Placed>(things: readonly T[] | undefined, item: string): (entry: string) => T[] {
  const found = new Map<string | null, T[]>()
  for (const thing of things ?? []) {
    if (thing.item !== item) continue
    const there = found.get(thing.entry)
    if (there) there.push(thing)
    else found.set(thing.entry, [thing])
  }
  return (entry) => found.get(entry) ?? []
}

export const photoView = (photo: Written<PhotoBody>, visit: Pick<OpenVisit, 'files'>): PhotoView => ({
  id: photo.id, hash: photo.hash, caption: photo.caption, where: visit.files.value.get(photo.hash)?.state ?? null,
})

/** Remembers the last views and gives an unchanged one again. Operations never change, so their ids say what a view says. */
export function entryViews(visit: Pick<OpenVisit, 'files' | 'whereabouts'>) {
  const last = new Map<string, { said: string; view: EntryView }>()
  return (item: ItemOf, part: PartStateOf | undefined, gaps: readonly Gap[]): EntryView[] => {
    const answers = part?.record.answers[item.id] ?? {}
    const [photosOf, measuresOf, gapsOf] = [byEntry(part?.record.photos, item.id), byEntry(part?.record.measures, item.id), byEntry(gaps, item.id)]
    const amendments = part?.amendments ?? []
    return askedOf(item.checklist.entries, answers).map((entry) => {
      const name = `answer/${item.id}/${entry.id}`
      const register = part?.registers[name]
      const heads = register?.values.flatMap(({ heads: ids }) => ids.map(({ id }) => id)) ?? []
      const where = heads[0] && answers[entry.id] ? visit.whereabouts(heads[0]) : null
      const photos = photosOf(entry.id).map((photo) => photoView(photo, visit))
      const measures = measuresOf(entry.id)
      const gap = gapsOf(entry.id)[0] ?? null
      const amended = amendments.filter((amend) => amend.register === name)
      const said = [where, gap?.code, ...heads, '', ...photos.flatMap((photo) => [photo.id, photo.where]), '', ...[...measures, ...amended].map(({ id }) => id)].join()
      const before = last.get(name)
      if (before?.said === said && before.view.entry === entry) return before.view
      const view: EntryView = {
        entry, where, photos, measures, gap, answer: answers[entry.id] ?? null, conflict: register?.conflict ? register : null,
        amended: amended.map(({ id, before: old, reason }) => ({ id, before: old, reason })),
      }
      last.set(name, { said, view })
      return view
    })
  }
}
