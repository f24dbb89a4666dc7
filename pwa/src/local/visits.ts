/** What does the phone know of each visit: the package the server sent, joined with its pinned checklists. */
import type { VisitPackage } from '../rules/package'
import type { Store } from './store'
import type { VisitRow } from './tables'

export type Checklist = VisitPackage['parts'][number]['items'][number]['checklist']

export const visitPlace = (id: string): string => `visits/${id}`
export const checklistPlace = (hash: string): string => `checklists/${hash}`

/** All visits of mine; those taken away only while something of them is unsent. */
export async function packages(store: Store): Promise<VisitPackage[]> {
  const rows = await store.db.visits.toArray()
  return await Promise.all(rows.filter((row) => row.removed_at === null).map((row) => openPackage(store, row)))
}

export async function packageOf(store: Store, visit: string): Promise<VisitPackage | null> {
  const row = await store.db.visits.get(visit)
  return row ? await openPackage(store, row) : null
}

async function openPackage(store: Store, row: VisitRow): Promise<VisitPackage> {
  const found = await store.vault.open<VisitPackage>(row.sealed, visitPlace(row.id))
  for (const item of found.parts.flatMap((part) => [...part.items, ...(part.addable ?? [])])) {
    // A checklist version travels once; packages may name it by hash only.
    if (!item.checklist.entries) item.checklist = (await checklistOf(store, item.checklist.hash)) ?? { ...item.checklist, entries: [] }
  }
  return found
}

async function checklistOf(store: Store, hash: string): Promise<Checklist | null> {
  const row = await store.db.checklists.get(hash)
  return row ? await store.vault.open<Checklist>(row.sealed, checklistPlace(hash)) : null
}
