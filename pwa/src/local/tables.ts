/** What does the phone keep, and under which keys? One database per account, so that users of one phone see only their own. */
import { Dexie, type EntityTable, type Table } from 'dexie'
import type { DeviceOf } from '../rules/package'

/** Where a thing is: only on this phone, at the server, or in a finished backup too. */
export type Whereabouts = 'here' | 'received' | 'safe'

/** A value at rest. What it says is encrypted; only what is needed to find it is not. */
export interface Sealed {
  iv: Uint8Array<ArrayBuffer>
  bytes: ArrayBuffer
}

export type Verdict = 'applied' | 'duplicate' | 'held' | 'refused'

export interface OperationRow {
  device: string
  visit: string
  seq: number
  id: string
  hash: string
  /** Written by this account on this phone; 1 and 0 because IndexedDB cannot index booleans. */
  own: 0 | 1
  state: Whereabouts
  verdict: Verdict | null
  reason: string | null
  position: number | null
  /** When it was kept here, for "waiting since". */
  kept_at: number
  sealed: Sealed
}

export interface BlobRow {
  /** SHA-256 of the plain bytes. */
  hash: string
  visit: string
  /** The operation that names it; it travels first. */
  operation: string
  /** 0 signatures, 1 everything else: signatures travel first (sync.md 5). */
  rank: 0 | 1
  type: string
  size: number
  state: Whereabouts
  sent: number
  /** When the server had all of it, by the server's clock: the phone's may be set between. */
  received_at: number | null
  /** Where the upload goes on after a restart. */
  url: string | null
  attempts: number
  next_at: number
  problem: string | null
  kept_at: number
}

/** A stretch of another phone's log with the signature that proves it, carried to the server for it. */
export interface CarriedRow {
  device: string
  visit: string
  from: number
  to: number
  hash: string
  signature: string
  /** What that phone brought of the server's word for itself, where this one had not heard of it: the next may not have either. */
  enrolment?: DeviceOf
  /** Why the server will never take it: it is not offered again by itself. */
  refused?: { code: string; detail: string | null }
}
export interface HeadRow { device: string; visit: string; seq: number; hash: string }
export interface VisitRow { id: string; removed_at: number | null; sealed: Sealed }
export interface SealedRow { id: string; sealed: Sealed }
export interface CursorRow { name: string; epoch: string; cursor: string | null }
/** How sending a log went so far. */
export interface OutboxRow { visit: string; attempts: number; tried_at: number | null; problem: string | null }

export type KeyRow =
  | { name: 'device'; id: string; label: string; pair: CryptoKeyPair; enrolled_at: string }
  | { name: 'mix'; key: CryptoKey }
  | { name: 'pin'; salt: Uint8Array<ArrayBuffer>; wrapped: Sealed }
  | { name: 'recovery'; wrapped: Sealed }
  | { name: 'throttle'; wrong: number; until: number }

export class AccountTables extends Dexie {
  declare keys: Table<KeyRow, KeyRow['name']>
  declare visits: EntityTable<VisitRow, 'id'>
  declare operations: Table<OperationRow, [string, string, number]>
  declare heads: Table<HeadRow, [string, string]>
  declare carried: Table<CarriedRow, [string, string, number]>
  declare blobs: EntityTable<BlobRow, 'hash'>
  declare bytes: Table<{ hash: string; sealed: Sealed }, string>
  declare outbox: EntityTable<OutboxRow, 'visit'>
  declare cursors: EntityTable<CursorRow, 'name'>
  declare checklists: EntityTable<SealedRow, 'id'>
  declare settings: EntityTable<SealedRow, 'id'>

  constructor(accountId: string) {
    // Chromium's default may lose the last writes when the phone dies; "saved" must mean on the disk.
    super(`onevisit-${accountId}`, { chromeTransactionDurability: 'strict' })
    this.version(1).stores({
      keys: 'name',
      visits: 'id',
      operations: '[device+visit+seq], id, visit, [own+state]',
      heads: '[device+visit], visit',
      blobs: 'hash, visit, operation, state',
      bytes: 'hash',
      outbox: 'visit',
      cursors: 'name',
      checklists: 'id',
      settings: 'id',
    })
    this.version(2).stores({ carried: '[device+visit+to], visit' })
  }
}

/** Who has opened this phone; in plain text because it is shown before the PIN. */
export interface RosterRow {
  id: string
  name: string
  /** Department or region, the second line under the name. */
  place: string
  inspector: string | null
  opened_at: number
}

export class PhoneTables extends Dexie {
  declare roster: EntityTable<RosterRow, 'id'>

  constructor() {
    super('onevisit', { chromeTransactionDurability: 'strict' })
    this.version(1).stores({ roster: 'id, opened_at' })
  }
}
