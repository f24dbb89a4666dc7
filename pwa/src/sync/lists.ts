/** How do checklists that packages only name get onto the phone? By their hash, some at a time. */
import type { Api } from '../api/client'
import { keepAddable, keepLists, lacking, unknownOf, wantAddable, type Listed } from '../local/lists'
import type { Page } from '../local/incoming'
import type { Store } from '../local/store'
import type { Checklist } from '../local/visits'
import { SYNC_TYPE } from './wire'

const AT_ONCE = 20

async function fetchLists(api: Api, hashes: readonly string[]): Promise<Checklist[]> {
  const response = await api.call(`/api/sync/checklists?hashes=${hashes.join(',')}`, { headers: { Accept: SYNC_TYPE }, timeout: 60_000 })
  return ((await response.json()) as { checklists: Checklist[] }).checklists
}

/** The page with every checklist its visits need: a visit is on the phone whole or not at all. */
export async function wholePage<P extends Page>(api: Api, store: Store, page: P): Promise<P> {
  const missing = await lacking(store, page.visits, page.checklists)
  const more: Checklist[] = []
  for (let from = 0; from < missing.length; from += AT_ONCE) more.push(...(await fetchLists(api, missing.slice(from, from + AT_ONCE))))
  await wantAddable(store, page.visits)
  return more.length ? { ...page, checklists: [...page.checklists, ...more] } : page
}

/** What may be added on the spot, when everything else is there: lists only with all their checklists. */
export async function fetchAddable(api: Api, store: Store): Promise<void> {
  const response = await api.call('/api/sync/addable', { headers: { Accept: SYNC_TYPE }, timeout: 60_000 })
  const { addable } = (await response.json()) as { addable: Record<string, Listed[]> }
  const wanted = await unknownOf(store, addable)
  for (let from = 0; from < wanted.length; from += AT_ONCE) await keepLists(store, await fetchLists(api, wanted.slice(from, from + AT_ONCE)))
  await keepAddable(store, addable)
}
