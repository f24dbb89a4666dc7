/** What travels between phone and server, word for word (onevisit-sync/1). */
import type { Arrived, Page } from '../local/incoming'
import type { Judged } from '../local/outgoing'
import type { Operation } from '../rules/operations'

export const SYNC_TYPE = 'application/vnd.onevisit.sync+json'
export const BUNDLE_FORMAT = 'onevisit-bundle/1'
export const MOST_OPERATIONS = 500
export const MOST_BUNDLES = 100
/** Of 1 MiB the request may have, so that the envelope fits. */
export const MOST_BYTES = 1_000_000

export interface Bundle {
  format: typeof BUNDLE_FORMAT
  device: string
  visit: string
  from: number
  to: number
  /** Hash of the last operation: what is signed. */
  hash: string
  signature: string
  operations: Operation[]
}

export interface BundleAnswer {
  device: string
  visit: string
  accepted_to: number
  expected: number | null
  /** Null when the bundle was taken in; else why not (`step.what_is_wrong`). */
  code: string | null
  detail?: string | null
  verdicts: (Omit<Judged, 'reason'> & { reason?: string | null })[]
}

export interface BundlesAnswer { epoch: string; answers: BundleAnswer[] }

export interface Acknowledged {
  /** Operations up to this position are in a finished backup. */
  safe_to?: number | null
  /** Files stored before this moment are in a finished backup. */
  safe_at?: string | null
}

export interface ChangesAnswer extends Page {
  more: boolean
  operations: Arrived[]
  acknowledged?: Acknowledged
}
