/** How does a record that was handed over reach the server from here? As it was signed; a duplicate is harmless, and its own phone may send it too. */
import type { Api } from '../api/client'
import { carriedOf, dropCarried, refuseCarried, type Carried } from '../local/carried'
import { keepAnswer } from '../local/outgoing'
import type { Store } from '../local/store'
import { post } from './send'
import { BUNDLE_FORMAT, type Bundle } from './wire'

/** No later try changes these: the server never knew that phone, or holds another log in this one's place. */
const FOR_GOOD = new Set(['sync.unknown_device', 'sync.bad_signature', 'sync.log_forked'])

/** As it was handed over, word for word. */
export const carriedBundle = ({ row: { device, visit, from, to, hash, signature }, operations }: Carried): Bundle =>
  ({ format: BUNDLE_FORMAT, device, visit, from, to, hash, signature, operations })

/** One try per contact: what the server does not take now stays and is offered again; what it never will, waits for a person. */
export async function sendCarried(api: Api, store: Store): Promise<void> {
  for (const one of await carriedOf(store)) {
    const { row, operations } = one
    if (row.refused || operations.length !== row.to - row.from + 1) continue
    const { answers } = await post(api, store, [carriedBundle(one)])
    const answer = answers.find((one) => one.device === row.device && one.visit === row.visit)
    if (answer?.code && FOR_GOOD.has(answer.code)) await refuseCarried(store, row, { code: answer.code, detail: answer.detail ?? null })
    if (!answer || (answer.code !== null && answer.code !== undefined && answer.code !== 'sync.device_revoked')) continue
    await keepAnswer(store, row.device, row.visit, answer.accepted_to, answer.verdicts.map((one) => ({ id: one.id, verdict: one.verdict, reason: one.reason ?? null, position: one.position ?? null })))
    if (answer.accepted_to >= row.to) await dropCarried(store, row)
  }
}
