/** One photo of the record with what was drawn over it, and who may change it. */
import { computed } from 'vue'
import { useVisit } from '../../local/useVisit'
import { useWriting } from '../../local/useWriting'

/** `operation` may change under an open screen: new words for a photo are a new entry. */
export function useOnePhoto(id: string, operation: () => string) {
  const open = useVisit(id)
  const writing = useWriting(open, id)
  const found = computed(() => {
    for (const [part, there] of Object.entries(open.state.value.parts)) {
      const photo = there.record.photos.find((one) => one.id === operation())
      if (photo) return { part, photo, markings: (there.record.markings ?? []).filter((one) => one.photo === photo.hash) }
    }
    return null
  })
  /** The page of a paper, a sample or evidence is named by its entry there: new words would be a new entry, and the page lost. */
  const bound = computed(() => {
    const there = found.value && open.state.value.parts[found.value.part]?.record
    return there ? [...there.papers, ...there.samples, ...there.evidence].some(({ photos }) => photos.includes(operation())) : false
  })
  const shapes = computed(() => found.value?.markings.flatMap((one) => one.shapes) ?? [])
  const where = computed(() => (found.value ? (open.files.value.get(found.value.photo.hash)?.state ?? null) : null))
  const may = computed(() => found.value?.part === writing.part.value && writing.open.value)
  const by = computed(() => open.visit.value?.parts.flatMap(({ team }) => team).find(({ id: one }) => one === found.value?.photo.by)?.name ?? '组员')
  const item = computed(() => open.visit.value?.parts.flatMap(({ items }) => items).find((one) => one.id === found.value?.photo.item) ?? null)
  const back = computed(() => {
    const photo = found.value?.photo
    return photo?.item ? `/visits/${id}/checklist/${photo.item}${photo.entry ? `#e-${photo.entry}` : ''}` : `/visits/${id}/results`
  })
  return { ...open, writing, found, bound, shapes, where, may, by, item, back }
}
