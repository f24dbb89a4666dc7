/** Photos of one place of the record: taken, kept with bytes and operation in one write, shown from the record itself. */
import { computed, onScopeDispose, ref, shallowRef } from 'vue'
import { wallTime } from '../../local/ids'
import { followPosition, NOWHERE, type Fix } from '../../local/position'
import { room } from '../../local/storage'
import { useAttempt } from '../../local/useAttempt'
import { useStore } from '../../local/usePhone'
import { useVisit } from '../../local/useVisit'
import { useWriting } from '../../local/useWriting'
import type { PhotoBody } from '../../rules/bodies'
import { originalOf, type Encode, type Original } from './original'

/** From here on the phone says how many photos still fit. */
const NARROW = 100
const A_PHOTO = 4 * 1024 * 1024

export interface PlaceOf { item: string | null; entry: string | null }

export const photoBody = (original: Original, place: PlaceOf, takenAt: string, caption: string, fix: Fix): PhotoBody => {
  const { bytes: _bytes, ...facts } = original
  return { ...facts, taken_at: takenAt, caption: caption.trim() || null, ...place, ...fix }
}

export function useCaptures(id: string, place: PlaceOf, encode?: Encode) {
  const store = useStore()
  const open = useVisit(id)
  const writing = useWriting(open, id)
  const { problem, attempt } = useAttempt()
  const fix = shallowRef<Fix>(NOWHERE)
  const caption = ref('')
  const pending = ref(0)
  const left = ref<number | null>(null)

  onScopeDispose(followPosition((now) => (fix.value = now)))
  const measure = async (): Promise<void> => {
    const space = await room()
    left.value = space && space.quota > 0 ? Math.max(0, Math.floor(space.free / A_PHOTO)) : null
  }
  void measure().catch(() => undefined)

  const part = computed(() => open.myPart.value)
  const item = computed(() => part.value?.items.find((one) => one.id === place.item) ?? null)
  const entry = computed(() => item.value?.checklist.entries.find((one) => one.id === place.entry) ?? null)
  const photos = computed(() => (part.value ? (open.state.value.parts[part.value.department.id]?.record.photos ?? []).filter((one) => one.item === place.item && one.entry === place.entry) : []))
  const narrow = computed(() => (left.value !== null && left.value < NARROW ? left.value : null))

  /** One after another, in the order of the shutter; time and place are those of the shutter. */
  let chain: Promise<unknown> = Promise.resolve()
  function keep(source: Blob | (() => Promise<Blob>)): Promise<boolean> {
    const [takenAt, where, said] = [wallTime(store.now()), fix.value, caption.value]
    pending.value += 1
    const shot = typeof source === 'function' ? source() : Promise.resolve(source)
    const kept = chain.then(() => attempt(async () => {
      const original = await originalOf(await shot, encode)
      return await writing.add('photo.add', photoBody(original, place, takenAt, said, where), [{ hash: original.hash, bytes: original.bytes, type: original.mime }])
    })).finally(() => {
      pending.value -= 1
      void measure().catch(() => undefined)
    })
    chain = kept
    // A shot that fails while another is being kept is told by `attempt`, not as an unhandled rejection.
    shot.catch(() => undefined)
    return kept.then((done) => done !== null)
  }

  return { ...open, writing, problem, fix, caption, pending, narrow, part, item, entry, photos, keep }
}
