/** What has changed, for every screen and every tab of this account? */
import type { LoggedOperation } from './writer'

export interface Change {
  /** The visit touched; null: the list of visits, to-dos or settings. */
  visit: string | null
  what: 'operations' | 'package' | 'files' | 'outbox'
  /** What was just written in this very tab: nobody here has to read it from the disk again. */
  written?: readonly LoggedOperation[]
}

export interface Changes {
  tell(change: Change): void
  listen(hear: (change: Change) => void): () => void
  close(): void
}

export function changesOf(accountId: string): Changes {
  const listeners = new Set<(change: Change) => void>()
  const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(`onevisit-changes-${accountId}`)
  const spread = (change: Change): void => listeners.forEach((hear) => hear(change))
  channel?.addEventListener('message', (event: MessageEvent<Change>) => spread(event.data))
  return {
    tell(change) {
      spread(change)
      channel?.postMessage({ visit: change.visit, what: change.what })
    },
    listen(hear) {
      listeners.add(hear)
      return () => listeners.delete(hear)
    },
    close() {
      listeners.clear()
      channel?.close()
    },
  }
}
