/** An address an <img> can show: the photo, with what was drawn over it; null while loading or when the original is on another phone. */
import { onScopeDispose, ref, toValue, watch, type MaybeRefOrGetter, type Ref } from 'vue'
import type { Drawn } from '../rules/bodies'
import { blobOf } from './blobs'
import { useStore } from './usePhone'

const LONGEST = 1600

export function useMarkedUrl(hash: MaybeRefOrGetter<string | null>, shapes: MaybeRefOrGetter<readonly Drawn[]>): Readonly<Ref<string | null>> {
  const store = useStore()
  const url = ref<string | null>(null)
  const drop = (): void => {
    if (url.value) URL.revokeObjectURL(url.value)
    url.value = null
  }
  watch(() => [toValue(hash), JSON.stringify(toValue(shapes))] as const, async ([wanted], _before, onCleanup) => {
    let stale = false
    onCleanup(() => (stale = true))
    drop()
    const photo = wanted ? await blobOf(store, wanted).catch(() => null) : null
    if (!photo || stale) return
    const shown = toValue(shapes).length ? await marked(photo, toValue(shapes)).catch(() => photo) : photo
    if (!stale) url.value = URL.createObjectURL(shown)
  }, { immediate: true })
  onScopeDispose(drop)
  return url
}

async function marked(photo: Blob, shapes: readonly Drawn[]): Promise<Blob> {
  const { drawOver, jpegBlob, uprightCanvas } = await import('./markedPicture')
  const canvas = await uprightCanvas(photo, LONGEST)
  drawOver(canvas, shapes)
  return await jpegBlob(canvas)
}
