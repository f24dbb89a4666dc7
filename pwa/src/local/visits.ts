/** What does the phone know of each visit: the package the server sent, joined with its pinned checklists. */
import type { ItemOf, VisitPackage } from '../rules/package'
import { readSetting } from './settings'
import type { Store } from './store'
import type { VisitRow } from './tables'

export type Checklist = VisitPackage['parts'][number]['items'][number]['checklist']

/** Where the departments' published lists are kept. */
export const ADDABLE = 'addable'
export const visitPlace = (id: string): string => `visits/${id}`
export const checklistPlace = (hash: string): string => `checklists/${hash}`

/** All visits of mine; those taken away only while something of them is unsent. */
export async function packages(store: Store): Promise<VisitPackage[]> {
  const rows = await store.db.visits.toArray()
  return await Promise.all(rows.filter((row) => row.removed_at === null).map((row) => openPackage(store, row)))
}

export async function packageOf(store: Store, visit: string): Promise<VisitPackage | null> {
  const row = await store.db.visits.get(visit)
  return row ? await withListed(store, await openPackage(store, row)) : null
}

/** What else is on the departments' published lists joins the one visit that is open. */
async function withListed(store: Store, visit: VisitPackage): Promise<VisitPackage> {
  const listed = (await readSetting<Record<string, (ItemOf & { kinds: string[] })[]>>(store, ADDABLE)) ?? {}
  for (const part of visit.parts) {
    const known = new Set([...part.items, ...(part.addable ?? [])].map(({ id }) => id))
    const more = (listed[part.department.id] ?? []).filter(({ id, kinds }) => !known.has(id) && (kinds.length === 0 || kinds.includes(visit.subject.kind)))
    part.addable = [...(part.addable ?? []), ...more.map(({ kinds: _, ...item }) => item)]
  }
  return await filled(store, visit)
}

async function openPackage(store: Store, row: VisitRow): Promise<VisitPackage> {
  return await filled(store, await store.vault.open<VisitPackage>(row.sealed, visitPlace(row.id)))
}

/** A checklist version travels once; packages may name it by hash only. */
async function filled(store: Store, visit: VisitPackage): Promise<VisitPackage> {
  const bare = visit.parts.flatMap((part) => [...part.items, ...(part.addable ?? [])]).filter(({ checklist }) => !checklist.entries)
  const rows = await store.db.checklists.bulkGet([...new Set(bare.map(({ checklist }) => checklist.hash))])
  const found = new Map((await Promise.all(rows.map((row) => row && store.vault.open<Checklist>(row.sealed, checklistPlace(row.id))))).flatMap((one) => (one ? [[one.hash, one]] : [])))
  for (const item of bare) item.checklist = found.get(item.checklist.hash) ?? { ...item.checklist, entries: [] }
  return visit
}
