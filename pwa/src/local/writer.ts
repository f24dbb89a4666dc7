/** How does a fact get into the record? The one writer: hash and encrypt first, then one transaction that awaits nothing but IndexedDB. */
import { digest } from '../rules/canonical'
import type { Bodies, Kind } from '../rules/bodies'
import { BadOperation, digestMatches, parseOperation, type Operation } from '../rules/operations'
import { buzz } from './buzz'
import { newId, wallTime } from './ids'
import { notSaved, notWellFormed, PhoneProblem } from './problem'
import { needRoom } from './storage'
import { writerLock, type Store } from './store'
import type { BlobRow, HeadRow, OperationRow, Sealed } from './tables'

export interface FileDraft {
  /** SHA-256 of `bytes`, as the body names it. */
  hash: string
  bytes: ArrayBuffer
  type: string
  signature?: boolean
}

export interface Draft<K extends Kind = Kind> {
  part: string | null
  kind: K
  body: Bodies[K]
  /** For each register: the operations whose value was seen when this was written (sync.md 1). */
  base?: Operation['base']
  files?: readonly FileDraft[]
}

export interface LoggedOperation {
  operation: Operation
  hash: string
  own: boolean
  state: OperationRow['state']
  verdict: OperationRow['verdict']
  reason: string | null
  position: number | null
}

export const operationPlace = (device: string, visit: string, seq: number): string => `operations/${device}/${visit}/${seq}`
export const bytesPlace = (hash: string): string => `bytes/${hash}`

/** Writes one operation with the files it names. When it returns, it is on the disk; before, nothing may claim so. */
export async function record<K extends Kind>(store: Store, visit: string, part: string | null, kind: K, body: Bodies[K], extra: Pick<Draft, 'base' | 'files'> = {}): Promise<LoggedOperation> {
  const [written] = await recordAll(store, visit, [{ part, kind, body, ...extra }])
  return written!
}

/** Several operations that belong together (其余全部合格): all of them or none. */
export async function recordAll(store: Store, visit: string, drafts: readonly Draft[]): Promise<LoggedOperation[]> {
  const files = drafts.flatMap((draft) => draft.files ?? [])
  // A signature is small and cannot be asked for twice: the reserve is for it, as for operations.
  await needRoom(files.reduce((sum, file) => sum + (file.signature ? 0 : file.bytes.byteLength), 0))
  const rows = await store.locks.alone(writerLock(store.account.id), async () => {
    try {
      return await write(store, visit, drafts)
    } catch (error) {
      buzz('failed')
      store.broken?.()
      throw error instanceof PhoneProblem ? error : notSaved(error)
    }
  })
  buzz('saved')
  if (files.length) store.changes.tell({ visit, what: 'files' })
  store.changes.tell({ visit, what: 'operations', written: rows })
  return rows
}

async function write(store: Store, visit: string, drafts: readonly Draft[]): Promise<LoggedOperation[]> {
  const { db, device } = store
  const before = await db.heads.get([device.id, visit])
  const chained = await chain(store, visit, drafts, before)
  const blobs = await Promise.all(chained.flatMap(({ row }, n) => (drafts[n]!.files ?? []).map((file) => blobOf(store, visit, row.id, file))))
  const last = chained.at(-1)
  if (!last) return []
  await db.transaction('rw', [db.operations, db.heads, db.blobs, db.bytes], async () => {
    const now = await db.heads.get([device.id, visit])
    if (now?.seq !== before?.seq) throw new Error('another writer moved the head of the log')
    await db.operations.bulkAdd(chained.map(({ row }) => row))
    await db.heads.put({ device: device.id, visit, seq: last.row.seq, hash: last.row.hash })
    const known = new Set((await db.blobs.bulkGet(blobs.map(({ row }) => row.hash))).flatMap((row) => (row ? [row.hash] : [])))
    const fresh = blobs.filter(({ row }) => !known.has(row.hash))
    await db.blobs.bulkAdd(fresh.map(({ row }) => row))
    await db.bytes.bulkAdd(fresh.map(({ row, sealed }) => ({ hash: row.hash, sealed })))
  })
  return chained.map(({ row, operation }) => logged(row, operation))
}

async function chain(store: Store, visit: string, drafts: readonly Draft[], head: HeadRow | undefined): Promise<{ row: OperationRow; operation: Operation }[]> {
  const made = []
  let { seq, hash: prev } = head ?? { seq: 0, hash: null as string | null }
  for (const draft of drafts) {
    seq += 1
    const operation = await wellFormed(operationOf(store, visit, draft, seq, prev))
    const { row } = await rowOf(store, operation, true)
    prev = row.hash
    made.push({ row, operation })
  }
  return made
}

function operationOf(store: Store, visit: string, draft: Draft, seq: number, prev: string | null): Operation {
  const by = store.account.inspector
  if (!by) throw new PhoneProblem('phone.not_an_inspector', '当前账号不是执法人员，不能记录检查。')
  const now = store.now()
  return {
    id: newId(now, seq), device: store.device.id, visit, seq, prev,
    part: draft.part, kind: draft.kind, body: draft.body, base: draft.base ?? {}, by,
    at: { wall: wallTime(now), offset_ms: store.clockOffset },
  } as unknown as Operation
}

/** What the server could not read would stand in the log for ever: a fault of ours is told before it is written, not after. */
async function wellFormed(operation: Operation): Promise<Operation> {
  try {
    parseOperation(operation)
    if (await digestMatches(operation)) return operation
    throw new BadOperation('digest_mismatch', '摘要与内容不一致', '/body/digest')
  } catch (error) {
    throw error instanceof BadOperation ? notWellFormed(error.code, error.field) : error
  }
}

/** An operation as it is kept; also used for those received. */
export async function rowOf(store: Store, operation: Operation, own: boolean): Promise<{ row: OperationRow }> {
  const { device, visit, seq, id } = operation
  const [hash, sealed] = await Promise.all([digest(operation), store.vault.seal(operation, operationPlace(device, visit, seq))])
  return { row: { device, visit, seq, id, hash, own: own ? 1 : 0, state: 'here', verdict: null, reason: null, position: null, kept_at: store.now(), sealed } }
}

async function blobOf(store: Store, visit: string, operation: string, file: FileDraft): Promise<{ row: BlobRow; sealed: Sealed }> {
  const sealed = await store.vault.sealBytes(file.bytes, bytesPlace(file.hash))
  const row: BlobRow = {
    hash: file.hash, visit, operation, rank: file.signature ? 0 : 1, type: file.type, size: file.bytes.byteLength,
    state: 'here', sent: 0, received_at: null, url: null, attempts: 0, next_at: 0, problem: null, kept_at: store.now(),
  }
  return { row, sealed }
}

export function logged(row: OperationRow, operation: Operation): LoggedOperation {
  return { operation, hash: row.hash, own: row.own === 1, state: row.state, verdict: row.verdict, reason: row.reason, position: row.position }
}
