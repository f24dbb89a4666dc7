/** Which operations still wait to be sent, and what became of those that were? */
import type { Operation } from '../rules/operations'
import { openOperation } from './log'
import type { Store } from './store'
import type { OperationRow, Verdict } from './tables'

export interface WaitingLog {
  visit: string
  device: string
  /** In order, without a gap. */
  rows: OperationRow[]
}

export interface Judged { id: string; verdict: Verdict; reason: string | null; position: number | null }

export async function waitingLogs(store: Store): Promise<WaitingLog[]> {
  const rows = await store.db.operations.where('[own+state]').equals([1, 'here']).toArray()
  const logs = new Map<string, WaitingLog>()
  for (const row of rows.sort((a, b) => a.seq - b.seq)) {
    const name = `${row.device}/${row.visit}`
    const log = logs.get(name) ?? { visit: row.visit, device: row.device, rows: [] }
    log.rows.push(row)
    logs.set(name, log)
  }
  // The oldest work first: it has waited longest.
  return [...logs.values()].sort((a, b) => (a.rows[0]?.kept_at ?? 0) - (b.rows[0]?.kept_at ?? 0))
}

export async function openAll(store: Store, rows: readonly OperationRow[]): Promise<Operation[]> {
  return await Promise.all(rows.map((row) => openOperation(store, row)))
}

/** Keeps the server's answer for a log: what it accepted is received, whatever the verdict; the rest goes on waiting. */
export async function keepAnswer(store: Store, device: string, visit: string, acceptedTo: number, judged: readonly Judged[]): Promise<void> {
  const byId = new Map(judged.map((one) => [one.id, one]))
  await store.db.transaction('rw', store.db.operations, async () => {
    const rows = await store.db.operations.where('[device+visit+seq]').between([device, visit, 0], [device, visit, Infinity]).toArray()
    for (const row of rows) {
      const verdict = byId.get(row.id)
      if (row.state === 'here' && (verdict !== undefined || row.seq <= acceptedTo)) row.state = 'received'
      else if (!verdict) continue
      if (verdict) Object.assign(row, { verdict: verdict.verdict, reason: verdict.reason, position: verdict.position ?? row.position })
      await store.db.operations.put(row)
    }
  })
  store.changes.tell({ visit, what: 'operations' })
}

/** The server misses `from` up to `before` of a log (an older backup): offer them again. False when this phone has none of them. */
export async function offerAgain(store: Store, device: string, visit: string, from: number, before: number): Promise<boolean> {
  const count = await store.db.operations.where('[device+visit+seq]').between([device, visit, from], [device, visit, before]).modify({ state: 'here' })
  store.changes.tell({ visit, what: 'operations' })
  return count > 0
}

/** After a restore (`server_epoch` rose) everything this phone holds is offered again; duplicates are harmless. */
export async function offerEverything(store: Store): Promise<void> {
  await store.db.transaction('rw', [store.db.operations, store.db.blobs, store.db.carried], async () => {
    await store.db.operations.where('[own+state]').anyOf([[1, 'received'], [1, 'safe']]).modify({ state: 'here' })
    await store.db.blobs.where('state').anyOf('received', 'safe').modify({ state: 'here', url: null, sent: 0, received_at: null, attempts: 0, next_at: 0 })
    await store.db.carried.toCollection().modify((row) => { delete row.refused })
  })
  store.changes.tell({ visit: null, what: 'operations' })
}

export async function noteTry(store: Store, visit: string, problem: string | null): Promise<void> {
  const before = await store.db.outbox.get(visit)
  await store.db.outbox.put({ visit, attempts: problem === null ? 0 : (before?.attempts ?? 0) + 1, tried_at: store.now(), problem })
  store.changes.tell({ visit, what: 'outbox' })
}

/** Every operation of a visit that waits, oldest first. */
export async function waitingOf(store: Store, visit: string): Promise<Operation[]> {
  const rows = (await store.db.operations.where('[own+state]').equals([1, 'here']).toArray()).filter((row) => row.visit === visit)
  return await openAll(store, rows.sort((a, b) => a.kept_at - b.kept_at || a.seq - b.seq))
}

/** How many operations wait, and since when the oldest. */
export async function unsent(store: Store): Promise<{ count: number; since: number }> {
  const rows = await store.db.operations.where('[own+state]').equals([1, 'here']).toArray()
  return { count: rows.length, since: rows.reduce((oldest, row) => Math.min(oldest, row.kept_at), store.now()) }
}
