/** How much is on this phone only, received, safe? The numbers behind the badge and the page 待传. */
import type { Store } from './store'
import type { OperationRow } from './tables'

export interface Tally {
  operations: { here: number; received: number; safe: number }
  files: { here: number; received: number; safe: number; bytesHere: number }
  /** When the oldest unsent thing was kept; null when nothing waits. */
  oldest: number | null
  /** The operation that waits longest: while it does, nobody has to look for it again. */
  longest: OperationRow | null
}

/** `before`: what was counted last; it spares reading every waiting operation after each tap. */
export async function tallyOf(store: Store, before?: Tally): Promise<Tally> {
  const { operations, blobs } = store.db
  return await store.db.transaction('r', [operations, blobs], async () => {
    const count = (state: string): Promise<number> => operations.where('[own+state]').equals([1, state]).count()
    const [here, received, safe, longest, blobsHere, blobsReceived, blobsSafe] = await Promise.all([
      count('here'), count('received'), count('safe'),
      longestWaiting(store, before?.longest ?? null),
      blobs.where('state').equals('here').toArray(),
      blobs.where('state').equals('received').count(),
      blobs.where('state').equals('safe').count(),
    ])
    const kept = [...(longest ? [longest] : []), ...blobsHere].map((row) => row.kept_at)
    return {
      operations: { here, received, safe },
      files: { here: blobsHere.length, received: blobsReceived, safe: blobsSafe, bytesHere: blobsHere.reduce((sum, row) => sum + row.size, 0) },
      oldest: kept.length ? Math.min(...kept) : null,
      longest,
    }
  })
}

async function longestWaiting({ db: { operations } }: Store, before: OperationRow | null): Promise<OperationRow | null> {
  const there = before && await operations.get([before.device, before.visit, before.seq])
  if (there?.own && there.state === 'here') return there
  const waiting = await operations.where('[own+state]').equals([1, 'here']).toArray()
  return waiting.reduce<OperationRow | null>((first, row) => (first && first.kept_at <= row.kept_at ? first : row), null)
}
