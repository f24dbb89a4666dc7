/** The draft of a checklist: loaded, kept after every pause, with what stands in its way; published as a version. */
import { computed, onBeforeUnmount, ref, shallowRef } from 'vue'
import { told } from '../../../api/client'
import { asProblem, type Problem } from '../../../api/problem'
import { useApi } from '../../../api/useApi'
import type { components } from '../../../api/types'
import type { Entry, Fault } from './entries'

const REST = 900

export function useDraft(item: string) {
  const api = useApi()
  const entries = ref<Entry[]>([])
  const faults = ref<Fault[]>([])
  const draft = shallowRef<components['schemas']['Draft'] | null>(null)
  const problem = shallowRef<Problem | null>(null)
  const state = ref<'loading' | 'saved' | 'dirty' | 'saving' | 'failed'>('loading')
  const path = { params: { path: { item_id: item } } }
  let timer: ReturnType<typeof setTimeout> | undefined
  let again = false

  async function load(): Promise<void> {
    try {
      draft.value = await told(api.http.GET('/api/items/{item_id}/draft', path))
      entries.value = structuredClone(draft.value.entries)
      faults.value = draft.value.faults
      problem.value = null
      state.value = 'saved'
    } catch (error) {
      problem.value = asProblem(error)
      state.value = 'failed'
    }
  }

  /** Numbers follow the order unless somebody wrote others; an entry keeps its id. */
  const written = (): Entry[] => JSON.parse(JSON.stringify(entries.value)) as Entry[]

  async function save(): Promise<void> {
    clearTimeout(timer)
    if (!draft.value) return
    if (state.value === 'saving') {
      again = true
      return
    }
    state.value = 'saving'
    try {
      const saved = await told(api.http.PUT('/api/items/{item_id}/draft', {
        ...path, headers: { 'If-Match': `"${draft.value.revision}"` }, body: { entries: written(), from_version: draft.value.from_version },
      }))
      draft.value = saved
      faults.value = saved.faults
      problem.value = null
      state.value = 'saved'
    } catch (error) {
      problem.value = asProblem(error)
      state.value = 'failed'
    }
    if (again) {
      again = false
      await save()
    }
  }

  function changed(): void {
    if (state.value === 'loading') return
    if (state.value === 'saving') again = true
    else state.value = 'dirty'
    clearTimeout(timer)
    timer = setTimeout(() => void save(), REST)
  }

  async function settled(): Promise<void> {
    if (state.value === 'dirty' || state.value === 'failed') await save()
  }

  const publish = (note: string) => told(api.http.POST('/api/items/{item_id}/checklists', { ...path, body: { entries: written(), from_version: draft.value!.from_version, note } }))
  const drop = () => told(api.http.DELETE('/api/items/{item_id}/draft', path))

  const warn = (event: BeforeUnloadEvent): void => { if (state.value === 'dirty' || state.value === 'saving' || state.value === 'failed') event.preventDefault() }
  if (typeof window !== 'undefined') window.addEventListener('beforeunload', warn)
  onBeforeUnmount(() => {
    window.removeEventListener('beforeunload', warn)
    void settled()
  })
  void load()
  return { entries, faults, draft, problem, state, load, save, settled, changed, publish, drop, next: computed(() => (draft.value?.newest ?? 0) + 1) }
}
