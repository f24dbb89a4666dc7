/** How does a record that was handed over reach the server from here? As it was signed; a duplicate is harmless, and its own phone may send it too. */
import type { Api } from '../api/client'
import { carriedOf, dropCarried } from '../local/carried'
import { keepAnswer } from '../local/outgoing'
import type { Store } from '../local/store'
import { post } from './send'
import { BUNDLE_FORMAT, type Bundle } from './wire'

/** One try per contact: what the server does not take now stays and is offered again. */
export async function sendCarried(api: Api, store: Store): Promise<void> {
  for (const { row, operations } of await carriedOf(store)) {
    if (operations.length !== row.to - row.from + 1) continue
    const bundle: Bundle = { format: BUNDLE_FORMAT, ...row, operations }
    const { answers } = await post(api, store, [bundle])
    const answer = answers.find((one) => one.device === row.device && one.visit === row.visit)
    if (!answer || (answer.code !== null && answer.code !== undefined && answer.code !== 'sync.device_revoked')) continue
    await keepAnswer(store, row.device, row.visit, answer.accepted_to, answer.verdicts.map((one) => ({ id: one.id, verdict: one.verdict, reason: one.reason ?? null, position: one.position ?? null })))
    if (answer.accepted_to >= row.to) await dropCarried(store, row)
  }
}
