/** How do operations reach the server, and what does its answer change? */
import type { Api } from '../api/client'
import { CHANGES } from '../local/incoming'
import { keepAnswer, noteTry, offerAgain, offerEverything } from '../local/outgoing'
import { rechain } from '../local/rechain'
import type { Store } from '../local/store'
import { nextBundles } from './outbox'
import { SYNC_TYPE, type Bundle, type BundleAnswer, type BundlesAnswer } from './wire'

export interface Sent {
  /** Logs the server did not take in, and why; their work stays on the phone. */
  refused: { visit: string; code: string; detail: string | null }[]
  /** This phone's log was continued elsewhere (cloned storage) or its device was revoked: it needs a new device key. */
  deviceLost: boolean
  /** Checklists that may be added on the spot were named in this contact and are not here yet. */
  listsOwed?: boolean
}

/** After these only a new device key helps (sync.md 3): codes of a bundle, and the reason of a held operation. */
const LOST = new Set(['sync.log_forked', 'sync.unknown_device', 'sync.device_revoked'])
const REVOKED = 'device_revoked'
const WORTH_PACKING = 1024

/** Sends until nothing waits that the server would take. Throws a Problem when the server was not reached. */
export async function sendOperations(api: Api, store: Store): Promise<Sent> {
  const sent: Sent = { refused: [], deviceLost: false }
  const stuck = new Set<string>()
  for (;;) {
    const bundles = await nextBundles(store, stuck)
    if (bundles.length === 0 || sent.deviceLost) return sent
    const { epoch, answers } = await post(api, store, bundles)
    if (await isRestored(store, epoch)) continue
    for (const bundle of bundles) {
      const answer = answers.find((one) => one.device === bundle.device && one.visit === bundle.visit)
      const went = answer !== undefined && (await take(store, bundle, answer, sent))
      // A log that did not move is left for the next round, so that it cannot stop the others.
      if (!went) stuck.add(bundle.visit)
    }
  }
}

export async function post(api: Api, store: Store, bundles: Bundle[]): Promise<BundlesAnswer> {
  try {
    const { body, encoding } = await packed(JSON.stringify({ bundles }))
    const headers = { 'Content-Type': SYNC_TYPE, Accept: SYNC_TYPE, ...encoding }
    const response = await api.call('/api/sync/bundles', { method: 'POST', headers, body, timeout: 60_000 })
    return (await response.json()) as BundlesAnswer
  } catch (error) {
    for (const bundle of bundles) await noteTry(store, bundle.visit, String((error as { code?: string }).code ?? 'app.unexpected'))
    throw error
  }
}

/** A fifth of the bytes on a slow link; where the phone cannot compress, it sends as it is. */
async function packed(text: string): Promise<{ body: BodyInit; encoding: Record<string, string> }> {
  if (typeof CompressionStream === 'undefined' || text.length < WORTH_PACKING) return { body: text, encoding: {} }
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'))
  return { body: await new Response(stream).arrayBuffer(), encoding: { 'Content-Encoding': 'gzip' } }
}

/** True when the log moved on. */
async function take(store: Store, bundle: Bundle, answer: BundleAnswer, sent: Sent): Promise<boolean> {
  const judged = answer.verdicts.map((one) => ({ id: one.id, verdict: one.verdict, reason: one.reason ?? null, position: one.position ?? null }))
  await keepAnswer(store, bundle.device, bundle.visit, answer.accepted_to, judged)
  sent.deviceLost ||= judged.some((one) => one.reason === REVOKED)
  if (answer.expected !== null && answer.expected !== undefined && answer.expected < bundle.from) {
    // The server stands further back than we thought (a gap): offer from there.
    await noteTry(store, bundle.visit, answer.code)
    return await offerAgain(store, bundle.device, bundle.visit, answer.expected, bundle.from)
  }
  if (answer.code !== null && answer.code !== undefined) {
    sent.deviceLost ||= LOST.has(answer.code)
    sent.refused.push({ visit: bundle.visit, code: answer.code, detail: answer.detail ?? null })
    await noteTry(store, bundle.visit, answer.code)
    return false
  }
  await noteTry(store, bundle.visit, null)
  return answer.accepted_to >= bundle.to
}

/** A new epoch means the server was restored from a backup: it may have lost what we hold, so everything is offered again. */
export async function isRestored(store: Store, epoch: string): Promise<boolean> {
  const known = await store.db.cursors.get(CHANGES)
  if (!known || known.epoch === epoch) return false
  await store.db.cursors.put({ name: CHANGES, epoch, cursor: null })
  await offerEverything(store)
  // What an earlier device key of this phone signed can only be offered chained anew.
  await rechain(store)
  return true
}
