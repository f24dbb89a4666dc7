/** How far is a list on its way into a library? Asks again while the server reads or writes; going away loses nothing. */
import { computed, onUnmounted, type ComputedRef } from 'vue'
import { told } from '../../../api/client'
import { useApi } from '../../../api/useApi'
import type { components } from '../../../api/types'
import { useAct, type Act } from '../useAct'
import { useLoaded, type Loaded } from '../useLoaded'

export type Import = components['schemas']['LibraryImportDetail']
export type Brief = components['schemas']['LibraryImport']
export type PreviewRow = components['schemas']['ImportPreviewRow']
export type Part = 'added' | 'changed' | 'refused' | 'warned' | 'doubles' | 'versions'
/** same: one thing, the earlier counts; both stay; this: of two rows with one number, this one */
export type Decision = 'same' | 'both' | 'this'
const SOON = 700

export interface ImportSteps {
  loaded: Loaded<Import>
  going: ComputedRef<boolean>
  act: Act
  read(mapping: Record<number, string>): Promise<boolean>
  decide(row: number | 'all', decision: Decision): Promise<boolean>
  confirm(purpose: string): Promise<boolean>
  undo(): Promise<boolean>
  cancel(): Promise<boolean>
}

export function useImport(id: string): ImportSteps {
  const api = useApi()
  const act = useAct()
  const path = { import_id: id }
  const loaded = useLoaded(() => told(api.http.GET('/api/library-imports/{import_id}', { params: { path } })))
  const going = computed(() => ['reading', 'writing'].includes(loaded.value.value?.state ?? ''))
  const timer = setInterval(() => { if (going.value && !act.busy.value) void loaded.load() }, SOON)
  onUnmounted(() => clearInterval(timer))

  const taking = (ask: () => Promise<Import>): Promise<boolean> => act.run(async () => (loaded.value.value = await ask()))
  return {
    loaded,
    going,
    act,
    read: (mapping) => taking(() => told(api.http.PUT('/api/library-imports/{import_id}/mapping', { params: { path }, body: { mapping } }))),
    decide: (row, decision) => taking(() => told(api.http.POST('/api/library-imports/{import_id}/decisions', { params: { path }, body: row === 'all' ? { all: decision === 'both' ? 'both' : 'same', rows: {} } : { all: null, rows: { [row]: decision } } }))),
    confirm: (purpose) => taking(() => told(api.http.POST('/api/library-imports/{import_id}/confirm', { params: { path }, body: { purpose } }))),
    undo: () => taking(() => told(api.http.POST('/api/library-imports/{import_id}/undo', { params: { path } }))),
    cancel: () => act.run(() => api.http.DELETE('/api/library-imports/{import_id}', { params: { path } })),
  }
}
