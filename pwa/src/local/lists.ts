/** Which checklists do packages name that this phone has not got? Those of a visit come with it or it does not come; those that may be added follow. */
import type { ItemOf, VisitPackage } from '../rules/package'
import { readSetting, writeSetting } from './settings'
import type { Store } from './store'
import { ADDABLE, checklistPlace, type Checklist } from './visits'

const WANTED = 'addable_owed'

/** Hashes of checklists without which one of these visits would be half a package. */
export async function lacking(store: Store, visits: readonly VisitPackage[], brought: readonly Checklist[]): Promise<string[]> {
  const named = visits.flatMap(({ parts }) => parts.flatMap(({ items }) => items.filter(({ checklist }) => !checklist.entries).map(({ checklist }) => checklist.hash)))
  return await unknown(store, named.filter((hash) => !brought.some((one) => one.hash === hash)))
}

async function unknown(store: Store, hashes: readonly string[]): Promise<string[]> {
  const each = [...new Set(hashes)]
  const rows = await store.db.checklists.bulkGet(each)
  return each.filter((_, n) => !rows[n])
}

/** An item of a department's published list; `kinds`: of subjects, none: all. */
export type Listed = ItemOf & { kinds: string[] }

/** Remembers that the lists are to be fetched again, so that a page that is killed fetches them the next time. */
export async function wantAddable(store: Store, visits: readonly VisitPackage[]): Promise<void> {
  if (visits.length) await writeSetting(store, WANTED, true)
}

export const listsOwed = async (store: Store): Promise<boolean> => (await readSetting<boolean>(store, WANTED)) === true

/** The departments' lists, once their checklists are here too. */
export async function keepAddable(store: Store, listed: Record<string, Listed[]>): Promise<void> {
  await writeSetting(store, ADDABLE, listed)
  await writeSetting(store, WANTED, false)
}

export const unknownOf = async (store: Store, listed: Record<string, Listed[]>): Promise<string[]> =>
  await unknown(store, Object.values(listed).flat().map(({ checklist }) => checklist.hash))

export async function keepLists(store: Store, lists: readonly Checklist[]): Promise<void> {
  const sealed = await Promise.all(lists.map(async (one) => ({ id: one.hash, sealed: await store.vault.seal(one, checklistPlace(one.hash)) })))
  await store.db.checklists.bulkPut(sealed)
  if (lists.length) store.changes.tell({ visit: null, what: 'package' })
}
