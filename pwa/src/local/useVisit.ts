/** How does a screen read and write one visit? Package, operations and their fold, always current; writing names what was seen. */
import { computed, onScopeDispose, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import { withAdded } from '../rules/added'
import type { Bodies, Kind } from '../rules/bodies'
import { gaps as gapsIn, progress as progressIn, type Gap, type PartProgress } from '../rules/gaps'
import type { PartOf, TeamMember, VisitPackage } from '../rules/package'
import type { StateOf } from '../rules/state'
import { leaders } from '../rules/team'
import type { Change } from './changes'
import { visitLog } from './log'
import { baseOf, stateOf } from './record'
import type { BlobRow, Whereabouts } from './tables'
import { useStore } from './usePhone'
import { packageOf } from './visits'
import { recordAll as writeAll, type Draft, type FileDraft, type LoggedOperation } from './writer'

export interface OpenVisit {
  /** False until the first reading; null packages then mean: not on this phone. */
  loaded: Readonly<Ref<boolean>>
  visit: Readonly<Ref<VisitPackage | null>>
  operations: Readonly<ShallowRef<readonly LoggedOperation[]>>
  state: ComputedRef<StateOf>
  /** The open account as a member of the team; null for somebody who only reads. */
  myself: ComputedRef<TeamMember | null>
  /** The part I may write: that of my own department. */
  myPart: ComputedRef<PartOf | null>
  /** Whether I lead the visit now. */
  leading: ComputedRef<boolean>
  /** What is missing before a part is ready, in the order of the screen; by department id. */
  gaps: ComputedRef<Readonly<Record<string, readonly Gap[]>>>
  /** n of m per part and item, in the order of the package. */
  progress: ComputedRef<readonly PartProgress[]>
  /** Files this phone holds, by hash. */
  files: Readonly<ShallowRef<ReadonlyMap<string, BlobRow>>>
  /** Where an operation is, for its glyph; null when this phone does not know it. */
  whereabouts(operation: string): Whereabouts | null
  /** Resolves after the write completed; throws a PhoneProblem when nothing was written. */
  record<K extends Kind>(part: string | null, kind: K, body: Bodies[K], files?: readonly FileDraft[]): Promise<LoggedOperation>
  /** Several at once, all or none (其余全部合格). */
  recordAll(drafts: readonly Omit<Draft, 'base'>[]): Promise<LoggedOperation[]>
}

type Piece = 'package' | 'operations' | 'files'
/** What has to be read again: the package is large, and a new one draws every row of the screen anew. */
const CONCERNED: Record<Change['what'], readonly Piece[]> = {
  operations: ['operations'], files: ['files'], outbox: ['operations', 'files'], package: ['package', 'operations', 'files'],
}

export function useVisit(id: string): OpenVisit {
  const store = useStore()
  const log = visitLog(store, id)
  const loaded = ref(false)
  const kept = shallowRef<VisitPackage | null>(null)
  const operations = shallowRef<readonly LoggedOperation[]>([])
  const files = shallowRef<ReadonlyMap<string, BlobRow>>(new Map())
  // What only travelled on (received, safe) says nothing new.
  let folded: readonly LoggedOperation[] = []
  const state = computed<StateOf>((before) => {
    const same = before && folded.length === operations.value.length && operations.value.every((one, n) => saysTheSame(one, folded[n]!))
    folded = operations.value
    return same ? before : stateOf(folded)
  })
  /** With what was added on the spot among its items. */
  const visit = computed(() => kept.value && withAdded(kept.value, state.value))
  const inspector = store.account.inspector
  const myPart = computed(() => visit.value?.parts.find((part) => part.team.some((member) => member.id === inspector)) ?? null)
  const myself = computed(() => myPart.value?.team.find((member) => member.id === inspector) ?? null)
  const leading = computed(() => !!visit.value && !!inspector && leaders(visit.value, state.value).includes(inspector))
  const gaps = computed(() => Object.fromEntries((visit.value?.parts ?? []).map(({ department: { id: part } }) => [part, gapsIn(state.value, visit.value!, part)])))
  const progress = computed(() => (visit.value ? progressIn(state.value, visit.value) : []))
  const places = computed(() => new Map(operations.value.map((one) => [one.operation.id, one.state])))

  const concerned = new Set<Piece>(CONCERNED.package)
  async function read(): Promise<void> {
    const [anew, told, stored] = (['package', 'operations', 'files'] as const).map((piece) => concerned.delete(piece))
    const [found, known, blobs] = await Promise.all([
      anew ? packageOf(store, id) : null,
      told ? log.read() : null,
      stored ? store.db.blobs.where('visit').equals(id).toArray() : null,
    ]).catch((error: unknown) => {
      CONCERNED.package.forEach((piece) => concerned.add(piece))
      throw error
    })
    // Two readings may overlap, and the later one may have been asked for less.
    if (anew) kept.value = found
    if (known) operations.value = known
    if (blobs) files.value = new Map(blobs.map((row) => [row.hash, row]))
    if (anew || kept.value) loaded.value = true
  }

  /** Many changes in a row (an upload tells of every piece) are read once. */
  let reading: Promise<void> | null = null
  const soon = (): void => {
    reading ??= new Promise<void>((resolve) => setTimeout(resolve, 50)).then(() => {
      reading = null
      return read()
    }).catch(() => void (loaded.value = true))
  }
  onScopeDispose(store.changes.listen(({ visit, what, written }) => {
    if (visit !== id && visit !== null) return
    if (written) return void (operations.value = log.add(written))
    CONCERNED[what].forEach((piece) => concerned.add(piece))
    soon()
  }))
  // A store that was closed under us is there again a moment later.
  void read().catch(soon)

  /** One write after the other: each one's base must name what the one before it wrote, or one hand would contradict itself. */
  let before: Promise<unknown> = Promise.resolve()
  function recordAll(drafts: readonly Omit<Draft, 'base'>[]): Promise<LoggedOperation[]> {
    const mine = before.catch(() => undefined).then(async () => {
      const by = store.account.inspector ?? ''
      return await writeAll(store, id, drafts.map((draft) => ({ ...draft, base: baseOf(state.value, draft, by) })))
    })
    before = mine
    return mine
  }

  return {
    loaded, visit, operations, state, files, myself, myPart, leading, gaps, progress,
    whereabouts: (operation) => places.value.get(operation) ?? null,
    recordAll,
    record: async (part, kind, body, attached = []) => (await recordAll([{ part, kind, body, files: attached }]))[0]!,
  }
}

const saysTheSame = (one: LoggedOperation, other: LoggedOperation): boolean =>
  one.operation === other.operation && one.verdict === other.verdict && one.reason === other.reason
