/** Photos of one place of the record: taken, kept with bytes and operation in one write, shown from the record itself. */
import { computed, onScopeDispose, ref, shallowRef } from 'vue'
import { comeBack, whereOut } from '../../local/cameraOut'
import { addPage } from '../../local/gathering'
import { wallTime } from '../../local/ids'
import { followPosition, NOWHERE, type Fix } from '../../local/position'
import { RESERVE, room } from '../../local/storage'
import { useAttempt } from '../../local/useAttempt'
import { useStore } from '../../local/usePhone'
import { useVisit } from '../../local/useVisit'
import { useWriting } from '../../local/useWriting'
import type { PhotoBody } from '../../rules/bodies'
import { originalOf, type Encode, type Original } from './original'

/** From here on the phone says how many photos still fit. */
const NARROW = 100
const A_PHOTO = 4 * 1024 * 1024
/** Nothing was written; the picture is still in hand and can be kept once there is room. */
const STILL_IN_HAND = new Set(['phone.no_room', 'phone.not_saved', 'phone.reason_missing'])

export interface PlaceOf { item: string | null; entry: string | null }
interface Shot { picture: Blob; takenAt: string; where: Fix; said: string }

export const photoBody = (original: Original, place: PlaceOf, takenAt: string, caption: string, fix: Fix): PhotoBody => {
  const { bytes: _bytes, ...facts } = original
  return { ...facts, taken_at: takenAt, caption: caption.trim() || null, ...place, ...fix }
}

/** `pages`: under which name the photos are noted as pages of something. */
export function useCaptures(id: string, place: PlaceOf, encode?: Encode, pages: string | null = null) {
  const store = useStore()
  const open = useVisit(id)
  const writing = useWriting(open, id)
  const { problem, attempt } = useAttempt()
  const fix = shallowRef<Fix>(NOWHERE)
  const caption = ref('')
  const pending = ref(0)
  const left = ref<number | null>(null)
  /** Shots that could not be written: in memory only, so the page must not be left. */
  const unkept = shallowRef<readonly Shot[]>([])
  /** The phone's own camera was opened here and the page was killed before its photo came. */
  const lost = ref(false)

  onScopeDispose(followPosition((now) => (fix.value = now)))
  const measure = async (): Promise<void> => {
    const space = await room()
    left.value = space && space.quota > 0 ? Math.max(0, Math.floor((space.free - RESERVE) / A_PHOTO)) : null
  }
  void measure().catch(() => undefined)
  void whereOut(store).then((out) => {
    if (!out?.path.startsWith(`/visits/${id}/photo`)) return
    lost.value = true
    caption.value ||= out.caption
    return comeBack(store)
  }).catch(() => undefined)

  const part = computed(() => open.myPart.value)
  const item = computed(() => part.value?.items.find((one) => one.id === place.item) ?? null)
  const entry = computed(() => item.value?.checklist.entries.find((one) => one.id === place.entry) ?? null)
  const photos = computed(() => (part.value ? (open.state.value.parts[part.value.department.id]?.record.photos ?? []).filter((one) => one.item === place.item && one.entry === place.entry) : []))
  const narrow = computed(() => (left.value !== null && left.value < NARROW ? left.value : null))

  /** One after another, in the order of the shutter; time and place are those of the shutter. */
  let chain: Promise<unknown> = Promise.resolve()
  function keep(source: Blob | (() => Promise<Blob>)): Promise<boolean> {
    const [takenAt, where, said] = [wallTime(store.now()), fix.value, caption.value]
    const shot = typeof source === 'function' ? source() : Promise.resolve(source)
    // A shot that fails while another is being kept is told by `attempt`, not as an unhandled rejection.
    shot.catch(() => undefined)
    return inTurn(async () => ({ picture: await shot, takenAt, where, said }))
  }

  function inTurn(taken: () => Promise<Shot>): Promise<boolean> {
    pending.value += 1
    const hand: { shot?: Shot } = {}
    const kept = chain.then(() => attempt(async () => {
      hand.shot = await taken()
      return await write(hand.shot)
    })).finally(() => {
      pending.value -= 1
      void measure().catch(() => undefined)
    })
    chain = kept
    return kept.then((done) => {
      if (done === null && hand.shot && STILL_IN_HAND.has(problem.value?.code ?? '')) unkept.value = [...unkept.value, hand.shot]
      return done !== null
    })
  }

  async function write({ picture, takenAt, where, said }: Shot) {
    const original = await originalOf(picture, encode)
    const written = await writing.add('photo.add', photoBody(original, place, takenAt, said, where), [{ hash: original.hash, bytes: original.bytes, type: original.mime }])
    if (pages) await addPage(store, pages, written.operation.id)
    lost.value = false
    return written
  }

  /** Once more for what could not be written, with the time and place of then. */
  async function keepAgain(): Promise<void> {
    const again = unkept.value
    unkept.value = []
    for (const shot of again) await inTurn(async () => shot)
  }

  /** Until every shot that was pressed is kept or told of: who leaves earlier takes the camera away from it. */
  async function settled(): Promise<void> {
    while (pending.value > 0) await chain.catch(() => undefined)
  }

  return { ...open, writing, problem, fix, caption, pending, narrow, left, unkept, lost, part, item, entry, photos, keep, keepAgain, settled }
}
