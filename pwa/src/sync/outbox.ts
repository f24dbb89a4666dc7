/** What waits, cut into bundles that prove themselves. */
import { signText } from '../local/keys'
import { openAll, waitingLogs, type WaitingLog } from '../local/outgoing'
import type { Store } from '../local/store'
import { signedText } from '../rules/operations'
import { BUNDLE_FORMAT, MOST_BUNDLES, MOST_BYTES, MOST_OPERATIONS, type Bundle } from './wire'

const size = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).length

/** The next request's worth: at most one bundle per log, oldest work first, within the server's limits. */
export async function nextBundles(store: Store, skip: ReadonlySet<string> = new Set()): Promise<Bundle[]> {
  const bundles: Bundle[] = []
  let [operations, bytes] = [MOST_OPERATIONS, MOST_BYTES]
  for (const log of await waitingLogs(store)) {
    // Logs of an earlier device of this phone cannot be signed any more; they are re-chained (local/rechain).
    if (log.device !== store.device.id || skip.has(log.visit)) continue
    const bundle = await bundleOf(store, log, operations, bytes)
    if (!bundle) break
    bundles.push(bundle)
    operations -= bundle.operations.length
    bytes -= size(bundle)
    if (operations <= 0 || bundles.length === MOST_BUNDLES) break
  }
  return bundles
}

async function bundleOf(store: Store, log: WaitingLog, most: number, room: number): Promise<Bundle | null> {
  const run = log.rows.filter((row, n) => row.seq === log.rows[0]!.seq + n).slice(0, most)
  const all = await openAll(store, run)
  let left = room
  const over = all.findIndex((operation) => (left -= size(operation)) < 0)
  // One operation always travels, however large: the server says what is too large.
  const fit = over < 0 ? all.length : over === 0 && room === MOST_BYTES ? 1 : over
  if (fit === 0) return null
  const [first, last] = [run[0]!, run[fit - 1]!]
  const signature = await signText(store.device.pair, signedText(log.device, log.visit, first.seq, last.seq, last.hash))
  return { format: BUNDLE_FORMAT, device: log.device, visit: log.visit, from: first.seq, to: last.seq, hash: last.hash, signature, operations: all.slice(0, fit) }
}

/** Everything that waits, signed: for a rescue file, which knows no limit of a request. */
export async function allBundles(store: Store): Promise<Bundle[]> {
  const bundles: Bundle[] = []
  for (const log of await waitingLogs(store)) {
    if (log.device !== store.device.id) continue
    for (let rows = log.rows; rows.length > 0;) {
      const bundle = await bundleOf(store, { ...log, rows }, MOST_OPERATIONS, MOST_BYTES)
      if (!bundle) break
      bundles.push(bundle)
      rows = rows.slice(bundle.operations.length)
    }
  }
  return bundles
}
