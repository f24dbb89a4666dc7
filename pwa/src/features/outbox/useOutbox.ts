/** What waits on this phone, visit by visit and file by file, and why it has not gone. */
import { onBeforeUnmount, shallowRef } from 'vue'
import { blobOf } from '../../local/blobs'
import { room } from '../../local/storage'
import type { BlobRow, OutboxRow } from '../../local/tables'
import { useStore } from '../../local/usePhone'
import { packages } from '../../local/visits'

export interface WaitingVisit { visit: string; name: string; operations: number; oldest: number; attempts: number; problem: string | null }
export interface WaitingFile extends BlobRow { name: string; picture: string | null }

/** About what a photo of a weak phone's camera takes. */
const PHOTO = 3 * 1024 * 1024

export function useOutbox() {
  const store = useStore()
  const visits = shallowRef<WaitingVisit[]>([])
  const files = shallowRef<WaitingFile[]>([])
  const photosLeft = shallowRef<number | null>(null)
  const pictures = new Map<string, string>()

  async function read(): Promise<void> {
    const [rows, blobs, names, tries, space] = await Promise.all([
      store.db.operations.where('[own+state]').equals([1, 'here']).toArray(),
      store.db.blobs.where('state').equals('here').toArray(),
      packages(store).then((all) => new Map(all.map((one) => [one.id, one.subject.name]))),
      store.db.outbox.toArray().then((all) => new Map(all.map((one): [string, OutboxRow] => [one.visit, one]))),
      room(),
    ])
    const counts = new Map<string, { operations: number; oldest: number }>()
    for (const row of rows) {
      const { operations, oldest } = counts.get(row.visit) ?? { operations: 0, oldest: row.kept_at }
      counts.set(row.visit, { operations: operations + 1, oldest: Math.min(oldest, row.kept_at) })
    }
    const name = (visit: string): string => names.get(visit) ?? '已不在名单上的上门'
    visits.value = [...counts].map(([visit, count]) => ({ visit, name: name(visit), ...count, attempts: tries.get(visit)?.attempts ?? 0, problem: tries.get(visit)?.problem ?? null }))
    files.value = await Promise.all(blobs.sort((a, b) => a.rank - b.rank || a.kept_at - b.kept_at).map(async (row) => ({ ...row, name: name(row.visit), picture: await pictureOf(row) })))
    photosLeft.value = space && space.quota > 0 ? Math.max(0, Math.floor(space.free / PHOTO)) : null
  }

  async function pictureOf(row: BlobRow): Promise<string | null> {
    if (row.rank === 0 || !row.type.startsWith('image/')) return null
    if (!pictures.has(row.hash)) {
      const blob = await blobOf(store, row.hash)
      if (blob) pictures.set(row.hash, URL.createObjectURL(blob))
    }
    return pictures.get(row.hash) ?? null
  }

  const deaf = store.changes.listen(() => void read())
  onBeforeUnmount(() => {
    deaf()
    pictures.forEach((address) => URL.revokeObjectURL(address))
  })
  void read()
  return { visits, files, photosLeft }
}
