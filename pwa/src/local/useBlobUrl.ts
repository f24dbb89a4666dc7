/** An address an <img> can show for bytes this phone holds; null while loading or when the original is on another phone. */
import { onScopeDispose, ref, toValue, watch, type MaybeRefOrGetter, type Ref } from 'vue'
import { blobOf } from './blobs'
import { useStore } from './usePhone'

export function useBlobUrl(hash: MaybeRefOrGetter<string | null>): Readonly<Ref<string | null>> {
  const store = useStore()
  const url = ref<string | null>(null)
  const drop = (): void => {
    if (url.value) URL.revokeObjectURL(url.value)
    url.value = null
  }
  watch(() => toValue(hash), async (wanted, _before, onCleanup) => {
    let stale = false
    onCleanup(() => (stale = true))
    drop()
    const blob = wanted ? await blobOf(store, wanted).catch(() => null) : null
    if (blob && !stale) url.value = URL.createObjectURL(blob)
  }, { immediate: true })
  onScopeDispose(drop)
  return url
}
