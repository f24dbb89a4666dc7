/** What may leave the phone? Only a visit that was taken away, whose every operation and file is safe, after 7 days (sync.md 7). */
import { writerLock, type Store } from './store'

const REST = 7 * 24 * 3600 * 1000

export async function sweep(store: Store): Promise<string[]> {
  const due = (await store.db.visits.toArray()).filter((row) => row.removed_at !== null && row.removed_at + REST <= store.now())
  const gone: string[] = []
  for (const { id } of due) if (await drop(store, id)) gone.push(id)
  if (gone.length) store.changes.tell({ visit: null, what: 'package' })
  return gone
}

async function drop(store: Store, visit: string): Promise<boolean> {
  const { db } = store
  return await store.locks.alone(writerLock(store.account.id), () =>
    db.transaction('rw', [db.visits, db.operations, db.heads, db.blobs, db.bytes, db.outbox, db.carried], async () => {
      const own = await db.operations.where('visit').equals(visit).and((row) => row.own === 1 && row.state !== 'safe').count()
      const files = await db.blobs.where('visit').equals(visit).toArray()
      if (own > 0 || (await db.carried.where('visit').equals(visit).count()) > 0 || files.some((file) => file.state !== 'safe')) return false
      await db.operations.where('visit').equals(visit).delete()
      await db.heads.where('visit').equals(visit).delete()
      await db.bytes.bulkDelete(files.map((file) => file.hash))
      await db.blobs.where('visit').equals(visit).delete()
      await db.outbox.delete(visit)
      await db.carried.where('visit').equals(visit).delete()
      await db.visits.delete(visit)
      return true
    }),
  )
}
