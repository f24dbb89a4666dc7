/** How much is on this phone only, received, safe? The numbers behind the badge and the page 待传. */
import type { Store } from './store'

export interface Tally {
  operations: { here: number; received: number; safe: number }
  files: { here: number; received: number; safe: number; bytesHere: number }
  /** When the oldest unsent thing was kept; null when nothing waits. */
  oldest: number | null
}

export async function tallyOf(store: Store): Promise<Tally> {
  const { operations, blobs } = store.db
  const count = (state: string): Promise<number> => operations.where('[own+state]').equals([1, state]).count()
  const [here, received, safe, waiting, blobsHere, blobsReceived, blobsSafe] = await Promise.all([
    count('here'), count('received'), count('safe'),
    operations.where('[own+state]').equals([1, 'here']).toArray(),
    blobs.where('state').equals('here').toArray(),
    blobs.where('state').equals('received').count(),
    blobs.where('state').equals('safe').count(),
  ])
  const kept = [...waiting, ...blobsHere].map((row) => row.kept_at)
  return {
    operations: { here, received, safe },
    files: { here: blobsHere.length, received: blobsReceived, safe: blobsSafe, bytesHere: blobsHere.reduce((sum, row) => sum + row.size, 0) },
    oldest: kept.length ? Math.min(...kept) : null,
  }
}
