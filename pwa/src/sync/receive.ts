/** What is new at the server for my visits? Page by page, each page kept with its cursor before the next is asked for. */
import type { Api } from '../api/client'
import { CHANGES, keepPage, markSafe } from '../local/incoming'
import { unsent } from '../local/outgoing'
import type { Store } from '../local/store'
import { wholePage } from './lists'
import { isRestored } from './send'
import { SYNC_TYPE, type ChangesAnswer } from './wire'

const PAGE = 500

/** Returns false when this phone's own log differs from the server's (cloned storage). */
export async function receiveChanges(api: Api, store: Store): Promise<boolean> {
  let whole = true
  for (;;) {
    const after = (await store.db.cursors.get(CHANGES))?.cursor ?? null
    const query = new URLSearchParams({ limit: String(PAGE), device: store.device.id, ...(await sayOfItself(store)), ...(after === null ? {} : { after }) })
    const response = await api.call(`/api/sync/changes?${query}`, { headers: { Accept: SYNC_TYPE }, timeout: 60_000 })
    const page = (await response.json()) as ChangesAnswer
    // The page was read with a cursor of the old epoch; ask again from the beginning.
    if (await isRestored(store, page.epoch)) continue
    // From the beginning every visit of mine comes at once: what is not among them was taken away while nobody could say so.
    const removed = after === null ? [...page.removed, ...(await goneSince(store, page))] : page.removed
    whole = (await keepPage(store, await wholePage(api, store, { ...page, removed }))) && whole
    const { safe_to = null, safe_at = null } = page.acknowledged ?? {}
    await markSafe(store, safe_to, safe_at === null ? null : Date.parse(safe_at))
    if (!page.more) return whole
  }
}

/** For whoever answers for this phone: which build it runs, and what it still has after it sent (the fleet page). */
async function sayOfItself(store: Store): Promise<Record<string, string>> {
  const { count, since } = await unsent(store)
  const version = typeof document === 'undefined' ? undefined : document.documentElement.dataset['version']
  return { unsent: String(count), waited: String(Math.max(0, Math.floor((store.now() - since) / 60_000))), ...(version ? { version } : {}) }
}

async function goneSince(store: Store, { visits }: ChangesAnswer): Promise<string[]> {
  const mine = new Set(visits.map(({ id }) => id))
  return (await store.db.visits.toArray()).filter(({ id, removed_at }) => removed_at === null && !mine.has(id)).map(({ id }) => id)
}
