/** What is open once the PIN was right? Everything the parts of `local` and `sync` work on, for one account. */
import { changesOf, type Changes } from './changes'
import type { Device, Opened } from './keys'
import type { Locks } from './locks'
import type { AccountTables, RosterRow } from './tables'
import { vaultOf, type Vault } from './vault'

export interface Store {
  account: RosterRow
  db: AccountTables
  device: Device
  vault: Vault
  locks: Locks
  changes: Changes
  now(): number
  /** Milliseconds the server's clock is ahead; null until it was heard once. */
  clockOffset: number | null
  /** Asked after a write that failed: is what was kept still there, or has the browser thrown it away? */
  broken?: () => void
}

export function storeOf(account: RosterRow, db: AccountTables, opened: Opened, locks: Locks, now: () => number = Date.now): Store {
  return { account, db, device: opened.device, vault: vaultOf(opened.dataKey), locks, changes: changesOf(account.id), now, clockOffset: null }
}

/** The lock all writing of an account goes through; an app update takes it too. */
export const writerLock = (accountId: string): string => `onevisit-writer-${accountId}`
