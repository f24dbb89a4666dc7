/** What happens in one contact with the server? Operations out, changes in, then files one at a time. */
import type { Api } from '../api/client'
import { waitingLogs } from '../local/outgoing'
import { listsOwed } from '../local/lists'
import { keepClockOffset } from '../local/settings'
import type { Store } from '../local/store'
import { sweep } from '../local/sweep'
import type { FileProgress } from './photos'
import { fetchAddable } from './lists'
import { keepRescueKey } from './rescueKey'
import { sendNextFile } from './photos'
import { receiveChanges } from './receive'
import { sendCarried } from './relayOn'
import { sendOperations, type Sent } from './send'

export interface RoundNews {
  file(progress: FileProgress | null): void
  contact(): void
  stopped(): boolean
}

export async function round(api: Api, store: Store, news: RoundNews): Promise<Sent> {
  const owed = await listsOwed(store)
  const sent = await sendOperations(api, store)
  if (api.clockOffset.value !== null && api.clockOffset.value !== store.clockOffset) await keepClockOffset(store, api.clockOffset.value)
  await sendCarried(api, store)
  sent.deviceLost = !(await receiveChanges(api, store)) || sent.deviceLost
  news.contact()
  await keepRescueKey(api, store).catch(() => undefined)
  // What may be added on the spot waits for the contact after the one that named it: the first screen goes before.
  if (owed) await fetchAddable(api, store).catch(() => undefined)
  else sent.listsOwed = await listsOwed(store)
  while (!news.stopped() && (await sendNextFile(api, store, (progress) => news.file(progress)))) {
    news.contact()
    // Something was recorded meanwhile: operations always go before files.
    if ((await waitingLogs(store)).some((log) => log.device === store.device.id)) merge(sent, await sendOperations(api, store))
  }
  news.file(null)
  await sweep(store)
  return sent
}

function merge(sent: Sent, more: Sent): void {
  sent.refused = more.refused
  sent.deviceLost ||= more.deviceLost
}
