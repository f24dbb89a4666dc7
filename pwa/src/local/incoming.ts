/** How does what the server sends get onto the phone? Encrypted first, then one transaction per page with its cursor. */
import { digest } from '../rules/canonical'
import type { Operation } from '../rules/operations'
import type { VisitPackage } from '../rules/package'
import { writerLock, type Store } from './store'
import type { OperationRow, Verdict } from './tables'
import { checklistPlace, visitPlace, type Checklist } from './visits'
import { rowOf } from './writer'

export interface Arrived { operation: Operation; verdict: Verdict; reason?: string | null; position: number | null }

export interface Page {
  epoch: string
  cursor: string
  visits: VisitPackage[]
  checklists: Checklist[]
  operations: Arrived[]
  removed: string[]
}

export const CHANGES = 'changes'

/** Returns false when a log of this very phone holds something else at the server: its storage was cloned. */
export async function keepPage(store: Store, page: Page): Promise<boolean> {
  const { db } = store
  const sealedVisits = await Promise.all(page.visits.map(async (one) => ({ id: one.id, removed_at: null, sealed: await store.vault.seal(one, visitPlace(one.id)) })))
  const sealedLists = await Promise.all(page.checklists.map(async (one) => ({ id: one.hash, sealed: await store.vault.seal(one, checklistPlace(one.hash)) })))
  const whole = await store.locks.alone(writerLock(store.account.id), async () => {
    const { rows, forked } = await rowsOf(store, page.operations)
    await db.transaction('rw', [db.visits, db.checklists, db.operations, db.heads, db.cursors], async () => {
      await db.visits.bulkPut(sealedVisits)
      await db.checklists.bulkPut(sealedLists)
      await db.operations.bulkPut(rows)
      for (const row of rows.filter((one) => one.device === store.device.id)) {
        const head = await db.heads.get([row.device, row.visit])
        if (!head || head.seq < row.seq) await db.heads.put({ device: row.device, visit: row.visit, seq: row.seq, hash: row.hash })
      }
      for (const id of page.removed) await db.visits.update(id, { removed_at: store.now() })
      await db.cursors.put({ name: CHANGES, epoch: page.epoch, cursor: page.cursor })
    })
    return !forked
  })
  tellAll(store, page)
  return whole
}

async function rowsOf(store: Store, arrived: readonly Arrived[]): Promise<{ rows: OperationRow[]; forked: boolean }> {
  let forked = false
  const rows: OperationRow[] = []
  for (const one of arrived) {
    const { id, device, visit, seq } = one.operation
    // By place, not by id: a fact that was chained anew stands in two logs, and the fold needs both places.
    const there = await store.db.operations.get([device, visit, seq])
    const differs = there !== undefined && (there.id !== id || (there.state === 'here' && there.hash !== (await digest(one.operation))))
    // What was refused unread may come back under a name of the server's.
    if (differs && one.verdict !== 'refused') {
      forked ||= device === store.device.id
      continue
    }
    const base = there ?? (await rowOf(store, one.operation, device === store.device.id)).row
    rows.push({ ...base, state: base.state === 'safe' ? 'safe' : 'received', verdict: one.verdict, reason: one.reason ?? null, position: one.position })
  }
  return { rows, forked }
}

function tellAll(store: Store, page: Page): void {
  const visits = new Set([...page.visits.map((one) => one.id), ...page.operations.map((one) => one.operation.visit), ...page.removed])
  for (const visit of visits) store.changes.tell({ visit, what: 'operations' })
  if (page.visits.length || page.removed.length) store.changes.tell({ visit: null, what: 'package' })
}

/** Everything up to a position is in a finished backup, and every file stored before a moment (server time). */
export async function markSafe(store: Store, position: number | null, moment: number | null): Promise<void> {
  const { db } = store
  // A minute of doubt: what was received is told in the server's time, as far as the phone knew it.
  const until = moment === null ? -Infinity : moment - 60_000
  await db.transaction('rw', [db.operations, db.blobs], async () => {
    if (position !== null) await db.operations.where('[own+state]').equals([1, 'received']).and((row) => row.position !== null && row.position <= position).modify({ state: 'safe' })
    await db.blobs.where('state').equals('received').and((row) => row.received_at !== null && row.received_at <= until).modify({ state: 'safe' })
  })
  store.changes.tell({ visit: null, what: 'outbox' })
}
