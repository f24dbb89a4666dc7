/** Which bytes does the phone hold, and where else are they? */
import type { Store } from './store'
import type { BlobRow } from './tables'
import { bytesPlace } from './writer'

/** SHA-256 of a photo or signature, before anything else happens to it. */
export async function hashBytes(bytes: ArrayBuffer): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Null when the original is on somebody else's phone. */
export async function bytesOf(store: Store, hash: string): Promise<ArrayBuffer | null> {
  const row = await store.db.bytes.get(hash)
  return row ? await store.vault.openBytes(row.sealed, bytesPlace(hash)) : null
}

export async function blobOf(store: Store, hash: string): Promise<Blob | null> {
  const [facts, bytes] = await Promise.all([store.db.blobs.get(hash), bytesOf(store, hash)])
  return bytes ? new Blob([bytes], { type: facts?.type ?? 'application/octet-stream' }) : null
}

export async function filesOf(store: Store, visit: string): Promise<BlobRow[]> {
  return await store.db.blobs.where('visit').equals(visit).toArray()
}

/** Nothing is put off for longer: what says so was written before the clock was set back. */
export const LONGEST_PAUSE = 6 * 3_600_000

/** What still has to travel: only files whose operation has arrived, signatures first, oldest first. */
export async function nextFiles(store: Store, now: number): Promise<BlobRow[]> {
  const here = await store.db.blobs.where('state').equals('here').toArray()
  const ready: BlobRow[] = []
  for (const row of here) {
    const places = await store.db.operations.where('id').equals(row.operation).toArray()
    if (places.some((place) => place.state !== 'here') && (row.next_at <= now || row.next_at > now + LONGEST_PAUSE)) ready.push(row)
  }
  return ready.sort((a, b) => a.rank - b.rank || a.kept_at - b.kept_at)
}

export async function noteFile(store: Store, hash: string, news: Partial<Omit<BlobRow, 'hash'>>): Promise<void> {
  await store.db.blobs.update(hash, news)
  const row = await store.db.blobs.get(hash)
  if (row) store.changes.tell({ visit: row.visit, what: 'files' })
}
