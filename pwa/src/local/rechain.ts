/** What happens to unsent work when this phone gets a new device key? It keeps its ids and is chained anew (sync.md 3). */
import { CHANGES } from './incoming'
import { openOperation } from './log'
import { writerLock, type Store } from './store'
import { rowOf } from './writer'
import type { HeadRow, OperationRow } from './tables'

/** Moves every own unsent operation of other devices into logs of `store.device`. Files stay: they are named by hash. */
export async function rechain(store: Store): Promise<number> {
  return await store.locks.alone(writerLock(store.account.id), async () => {
    const { db, device } = store
    const old = (await db.operations.where('[own+state]').equals([1, 'here']).toArray()).filter((row) => row.device !== device.id)
    old.sort((a, b) => a.visit.localeCompare(b.visit) || a.kept_at - b.kept_at || a.seq - b.seq)
    const heads = new Map<string, HeadRow>()
    const fresh: OperationRow[] = []
    for (const row of old) {
      const head = heads.get(row.visit) ?? (await db.heads.get([device.id, row.visit])) ?? { device: device.id, visit: row.visit, seq: 0, hash: '' }
      const operation = { ...(await openOperation(store, row)), device: device.id, seq: head.seq + 1, prev: head.hash || null }
      const made = (await rowOf(store, operation, true)).row
      fresh.push({ ...made, kept_at: row.kept_at })
      heads.set(row.visit, { device: device.id, visit: row.visit, seq: made.seq, hash: made.hash })
    }
    if (!old.length) return 0
    await db.transaction('rw', [db.operations, db.heads, db.cursors], async () => {
      await db.operations.bulkDelete(old.map((row) => [row.device, row.visit, row.seq] as [string, string, number]))
      await db.operations.bulkAdd(fresh)
      await db.heads.bulkPut([...heads.values()])
      // The places given up may be taken at the server, by the clone: what stands there was passed over, so it is asked for again.
      await db.cursors.update(CHANGES, { cursor: null })
    })
    store.changes.tell({ visit: null, what: 'operations' })
    return fresh.length
  })
}
