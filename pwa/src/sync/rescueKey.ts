/** To whom does this phone seal what it cannot send? The server's key, kept while there is a line, for when there is none. */
import type { Api } from '../api/client'
import { readSetting, writeSetting } from '../local/settings'
import type { Store } from '../local/store'

export interface RescueKey { kid: string; key: string }
export const RESCUE_KEY = 'rescue_key'

export async function keepRescueKey(api: Api, store: Store): Promise<void> {
  if (await readSetting<RescueKey>(store, RESCUE_KEY)) return
  const answer = await api.call('/api/sync/rescue/key')
  await writeSetting(store, RESCUE_KEY, (await answer.json()) as RescueKey)
}
