/** An address an <img> can show for a file the server holds; fetched with the token, released with the screen. */
import { onScopeDispose, ref, shallowRef, toValue, watch, type MaybeRefOrGetter, type Ref, type ShallowRef } from 'vue'
import { asProblem, type Problem } from './problem'
import { useApi } from './useApi'

export interface FileUrl { url: Readonly<Ref<string | null>>; problem: Readonly<ShallowRef<Problem | null>> }

export function useFileUrl(file: MaybeRefOrGetter<{ visit: string; hash: string; size: 'thumb' | 'full' } | null>): FileUrl {
  const api = useApi()
  const url = ref<string | null>(null)
  const problem = shallowRef<Problem | null>(null)
  const drop = (): void => {
    if (url.value) URL.revokeObjectURL(url.value)
    url.value = null
  }
  const wanted = (): string => {
    const one = toValue(file)
    return one ? `/api/evidence/files/${one.hash}?${new URLSearchParams({ visit: one.visit, size: one.size })}` : ''
  }
  watch(wanted, async (path, _before, onCleanup) => {
    const stop = new AbortController()
    onCleanup(() => stop.abort())
    drop()
    problem.value = null
    if (!path) return
    try {
      const blob = await api.file(path, { signal: stop.signal, timeout: 60_000 })
      if (!stop.signal.aborted) url.value = URL.createObjectURL(blob)
    } catch (error) {
      if (!stop.signal.aborted) problem.value = asProblem(error)
    }
  }, { immediate: true })
  onScopeDispose(drop)
  return { url, problem }
}
