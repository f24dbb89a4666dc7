// What does a bundle of `onevisit-draw/1` look like?
import type { Rules } from './lot.quota'
import type { Reveal, Source } from './lot.sources'

export interface MatchRules {
  lead: string
  departments: string[]
  k: number
  specialities: Record<string, string | null>
  /** The window's end: a certificate must be valid through it. Older commits do not say. */
  valid_through?: string
  /** Department -> departments elsewhere whose people may help. */
  neighbours?: Record<string, string[]>
}
export interface Commit {
  format: string
  draw: string
  task: string
  region: string
  scope: string
  pool: { root: string; count: number; strata: { risk: string; count: number; quota: number; root: string }[] }
  excluded: { root: string; count: number; reasons: { reason: string; count: number }[] }
  inspectors: { root: string; count: number }
  match: MatchRules
  changes: { since: string | null; added: number; removed: number; changed: number }
  rules: Rules
  sources: Source[]
  closes_at: string
  subjects_draw?: string
}
export interface SubjectEntry { id: string; name: string; region: string; risk: string }
export interface InspectorEntry {
  id: string
  department: string
  certificate: string
  valid_to: string
  specialities: string[]
  state: string
  recusals: string[]
}
export interface Frozen<E> { leaf: string; salt: string; entry: E }
export interface Team { visit: string; department: string; inspectors: string[]; leader: string | null }
export interface Shortfall { visit: string; department: string; missing: number; speciality: string | null }
export interface Ineligible { visit: string | null; inspector: string; reason: string }
export interface DrawEvent { kind: string; at: string; reason: string; by: string[]; detail: Record<string, unknown> }
export interface Bundle {
  format: string
  status: 'drawn' | 'voided'
  commit: Commit
  commit_hash: string
  sources: Reveal[]
  key: string | null
  leaves: { leaf: string; risk: string; ticket: string | null }[]
  selected: string[]
  thresholds: Record<string, string>
  shortfalls: Shortfall[]
  events: DrawEvent[]
  signature?: { kid: string; sig: string } | null
  entries?: Frozen<SubjectEntry>[]
  excluded?: (Frozen<SubjectEntry> & { reason: string })[]
  inspectors?: Frozen<InspectorEntry>[]
  pools?: Record<string, string[]>
  ineligible?: Ineligible[]
  teams?: Team[]
}
