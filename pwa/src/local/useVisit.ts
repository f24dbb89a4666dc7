/** How does a screen read and write one visit? Package, operations and their fold, always current; writing names what was seen. */
import { computed, onScopeDispose, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import type { Bodies, Kind } from '../rules/bodies'
import type { VisitPackage } from '../rules/package'
import type { StateOf } from '../rules/state'
import { visitLog } from './log'
import { baseOf, stateOf } from './record'
import type { BlobRow, Whereabouts } from './tables'
import { useStore } from './usePhone'
import { packageOf } from './visits'
import { recordAll as writeAll, type Draft, type FileDraft, type LoggedOperation } from './writer'

export interface OpenVisit {
  /** False until the first reading; null packages then mean: not on this phone. */
  loaded: Readonly<Ref<boolean>>
  visit: Readonly<ShallowRef<VisitPackage | null>>
  operations: Readonly<ShallowRef<readonly LoggedOperation[]>>
  state: ComputedRef<StateOf>
  /** Files this phone holds, by hash. */
  files: Readonly<ShallowRef<ReadonlyMap<string, BlobRow>>>
  /** Where an operation is, for its glyph; null when this phone does not know it. */
  whereabouts(operation: string): Whereabouts | null
  /** Resolves after the write completed; throws a PhoneProblem when nothing was written. */
  record<K extends Kind>(part: string | null, kind: K, body: Bodies[K], files?: readonly FileDraft[]): Promise<LoggedOperation>
  /** Several at once, all or none (其余全部合格). */
  recordAll(drafts: readonly Omit<Draft, 'base'>[]): Promise<LoggedOperation[]>
}

export function useVisit(id: string): OpenVisit {
  const store = useStore()
  const log = visitLog(store, id)
  const loaded = ref(false)
  const visit = shallowRef<VisitPackage | null>(null)
  const operations = shallowRef<readonly LoggedOperation[]>([])
  const files = shallowRef<ReadonlyMap<string, BlobRow>>(new Map())
  const state = computed(() => stateOf(operations.value))
  const places = computed(() => new Map(operations.value.map((one) => [one.operation.id, one.state])))

  async function read(): Promise<void> {
    const [found, known, blobs] = await Promise.all([packageOf(store, id), log.read(), store.db.blobs.where('visit').equals(id).toArray()])
    visit.value = found
    operations.value = known
    files.value = new Map(blobs.map((row) => [row.hash, row]))
    loaded.value = true
  }

  /** Many changes in a row (an upload tells of every piece) are read once. */
  let reading: Promise<void> | null = null
  const soon = (): void => {
    reading ??= new Promise<void>((resolve) => setTimeout(resolve, 50)).then(() => {
      reading = null
      return read()
    }).catch(() => undefined)
  }
  onScopeDispose(store.changes.listen((change) => { if (change.visit === id || change.visit === null) soon() }))
  void read().catch(() => (loaded.value = true))

  async function recordAll(drafts: readonly Omit<Draft, 'base'>[]): Promise<LoggedOperation[]> {
    const by = store.account.inspector ?? ''
    const written = await writeAll(store, id, drafts.map((draft) => ({ ...draft, base: baseOf(state.value, draft, by) })))
    operations.value = log.add(written)
    return written
  }

  return {
    loaded, visit, operations, state, files,
    whereabouts: (operation) => places.value.get(operation) ?? null,
    recordAll,
    record: async (part, kind, body, attached = []) => (await recordAll([{ part, kind, body, files: attached }]))[0]!,
  }
}
