/** Which checklists do packages name that this phone has not got? Those of a visit come with it or it does not come; those that may be added follow. */
import type { VisitPackage } from '../rules/package'
import { readSetting, writeSetting } from './settings'
import type { Store } from './store'
import { checklistPlace, type Checklist } from './visits'

const WANTED = 'lists_wanted'

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

/** Remembers what may be added on the spot, so that a page that is killed fetches it the next time. */
export async function wantAddable(store: Store, visits: readonly VisitPackage[]): Promise<void> {
  const named = visits.flatMap(({ parts }) => parts.flatMap(({ addable }) => (addable ?? []).map(({ checklist }) => checklist.hash)))
  if (named.length) await writeSetting(store, WANTED, [...new Set([...((await readSetting<string[]>(store, WANTED)) ?? []), ...named])])
}

export async function wantedLists(store: Store): Promise<string[]> {
  return await unknown(store, (await readSetting<string[]>(store, WANTED)) ?? [])
}

export const wantNothing = (store: Store): Promise<void> => writeSetting(store, WANTED, [])

export async function keepLists(store: Store, lists: readonly Checklist[]): Promise<void> {
  const sealed = await Promise.all(lists.map(async (one) => ({ id: one.hash, sealed: await store.vault.seal(one, checklistPlace(one.hash)) })))
  await store.db.checklists.bulkPut(sealed)
  if (lists.length) store.changes.tell({ visit: null, what: 'package' })
}
