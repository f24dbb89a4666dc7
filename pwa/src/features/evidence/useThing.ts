/** A form of one thing with pages (a paper, a sample, evidence taken): a draft that survives the camera, its photos, and saving it as one fact. */
import { computed, onScopeDispose, reactive, ref, toRaw, watch } from 'vue'
import { forgetPages, keepPages, pagesOf } from '../../local/gathering'
import { readSetting, writeSetting } from '../../local/settings'
import { useStore } from '../../local/usePhone'
import type { Bodies } from '../../rules/bodies'
import { useGathered, type PlaceOf } from './useGathered'

export type Thing = 'paper' | 'sample' | 'taken'
const KINDS = { paper: 'paper.add', sample: 'sample.add', taken: 'evidence.take' } as const

export function useThing<T extends Thing, F extends Record<string, string | number | boolean>>(id: string, thing: T, place: PlaceOf, empty: F, bodyOf: (form: F) => Omit<Bodies[(typeof KINDS)[T]], 'photos' | 'item' | 'entry'>) {
  const store = useStore()
  const gathered = useGathered(id, place)
  const key = `${thing}/${id}/${place.item ?? ''}/${place.entry ?? ''}`
  const form = reactive({ ...empty }) as F
  const pages = ref<string[]>([])
  const ready = ref(false)

  void Promise.all([readSetting<F>(store, key).catch(() => null), pagesOf(store, key)]).then(([kept, taken]) => {
    Object.assign(form, kept ?? {})
    pages.value = taken
    ready.value = true
    onForm()
  })
  let stop = (): void => undefined
  const onForm = (): void => { stop = watch(form, () => void writeSetting(store, key, toRaw(form)).catch(() => undefined), { deep: true }) }
  onScopeDispose(() => stop())

  /** Only photos that are still in the record: one may have been taken back meanwhile. */
  const photos = computed(() => pages.value.flatMap((one) => gathered.record.value?.photos.find(({ id: photo }) => photo === one) ?? []))
  const leaveOut = async (photo: string): Promise<void> => {
    pages.value = pages.value.filter((one) => one !== photo)
    await keepPages(store, key, pages.value)
  }
  const here = `/visits/${id}/evidence/${thing}?${new URLSearchParams({ ...(place.item ? { item: place.item } : {}), ...(place.entry ? { entry: place.entry } : {}) })}`
  const camera = `/visits/${id}/photo?${new URLSearchParams({ ...(place.item ? { item: place.item } : {}), ...(place.entry ? { entry: place.entry } : {}), pages: key, to: here })}`

  async function save(): Promise<boolean> {
    const body = { item: place.item, entry: place.entry, ...bodyOf(form), photos: photos.value.map(({ id: photo }) => photo) } as unknown as Bodies[(typeof KINDS)[T]]
    if (!(await gathered.add(KINDS[thing], body))) return false
    stop()
    await Promise.all([writeSetting(store, key, null), forgetPages(store, key)]).catch(() => undefined)
    return true
  }
  return { ...gathered, form, photos, ready, camera, leaveOut, save }
}
