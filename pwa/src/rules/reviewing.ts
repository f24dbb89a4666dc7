/** What does a reviewer have to look at in a department's part, failures first? Read from what GET /api/visits/{id} tells. */
import { withAdded } from './added'
import { judged } from './answers'
import { keptManifest, type Difference, type Manifest } from './manifest'
import type { PhotoBody } from './bodies'
import type { VisitPackage } from './package'
import type { Amendment, ConfirmationOf, StateOf, Written } from './state'

/** As much of the visit in full as reviewing needs. */
export interface VisitInFull {
  id: string
  no: string
  package: VisitPackage
  record: StateOf
  parts: {
    department_id: string
    state: string
    state_label: string
    version: number
    to_sign_again: boolean
    missing_files: { hash: string; kind: string }[]
    limits: { label?: string; day?: string; text?: string; state?: string }[]
    more_than_a_day_apart: boolean
  }[]
  manifests: { operation: string; digest: string; short_code: string; parts: string[]; state: string; state_label: string; differs: Difference[]; confirmed_at: string }[]
  held: { id: string; kind: string; kind_label: string; part: string | null; by: string; reason_label: string }[]
  people: Record<string, string>
}

export type Weight = 'failed' | 'open' | 'passed'
export interface ReviewedEntry {
  item: string
  entry: string
  no: string
  text: string
  weight: Weight
  answer: string | null
  told: string
  basis: string | null
  photos: Written<PhotoBody>[]
}
export interface ReviewedItem {
  id: string
  name: string
  version: number | null
  outcomes: string[]
  reason: string | null
  entries: ReviewedEntry[]
  measures: { kind: string; text: string; due_day: string | null; number: string | null }[]
  photos: Written<PhotoBody>[]
  returned: string | null
}
export interface Reviewed {
  department: string
  name: string
  state: string
  stateLabel: string
  leader: string
  items: ReviewedItem[]
  /** Null while nothing was recorded. */
  manifest: Manifest | null
  /** The newest confirmation that holds the part, and all it builds on. */
  confirmation: ConfirmationOf | null
  chain: ConfirmationOf[]
  signed: VisitInFull['manifests'][number] | null
  /** Whether what is kept is what was signed, amendments apart. */
  same: boolean
  amendments: Amendment[]
  held: VisitInFull['held']
  missing: number
  limits: VisitInFull['parts'][number]['limits']
}

/** Null when the visit has no part of that department. */
export function reviewed(full: VisitInFull, department: string): Reviewed | null {
  const planned = full.package.parts.find((part) => part.department.id === department)
  const row = full.parts.find((part) => part.department_id === department)
  if (!planned || !row) return null
  const there = full.record.parts[department]
  const confirmation = full.record.confirmations.find(({ id }) => id === there?.lock?.confirmation) ?? full.record.confirmations.findLast(({ parts }) => parts.includes(department)) ?? null
  const signed = full.manifests.find(({ operation }) => operation === confirmation?.id) ?? null
  return {
    department, name: planned.department.name, state: row.state, stateLabel: row.state_label, leader: planned.leader,
    items: itemsOf(full, department).sort((a, b) => heaviest(a) - heaviest(b)),
    manifest: there ? keptNow(full, [department], confirmation?.at ?? there.registers[`ready/${department}`]?.values[0]?.heads[0]?.at.wall ?? '') : null,
    confirmation, signed,
    chain: full.record.confirmations.filter(({ id }) => there?.lock?.chain.includes(id) ?? id === confirmation?.id),
    same: confirmation !== null && confirmation.state !== 'unequal' && (signed?.differs.length ?? 0) === 0,
    amendments: there?.amendments ?? [],
    held: full.held.filter((one) => one.part === department || one.part === null),
    missing: row.missing_files.length,
    limits: row.limits,
  }
}

/** The document as it is kept now, of these departments. */
export function keptNow(full: VisitInFull, departments: readonly string[], at: string): Manifest {
  const shell = { header: { to: at }, parts: departments.map((id) => ({ department: { id } })), supplement: null, frontier: [] }
  return keptManifest(full.package, shell as unknown as Manifest, full.record)
}

function itemsOf(full: VisitInFull, department: string): ReviewedItem[] {
  const part = withAdded(full.package, full.record).parts.find((one) => one.department.id === department)!
  const record = full.record.parts[department]?.record
  const returned = full.record.parts[department]?.review.returned ?? []
  const added = Object.entries(record?.items ?? {}).filter(([id]) => !part.items.some((item) => item.id === id)).map(([id, item]) => ({ id, name: item.name, checklist: { version: item.checklist?.version ?? null, entries: [] } }))
  return [...part.items, ...added].map((item) => {
    const photos = record?.photos.filter((photo) => photo.item === item.id) ?? []
    return {
      id: item.id, name: item.name, version: item.checklist.version,
      outcomes: record?.findings[item.id]?.outcomes ?? [],
      reason: record?.findings[item.id]?.reason ?? null,
      measures: (record?.measures ?? []).filter((one) => one.item === item.id),
      photos: photos.filter((photo) => photo.entry === null),
      returned: returned.findLast((one) => one.item === item.id && !one.answered)?.reason ?? null,
      entries: item.checklist.entries.map((entry) => {
        const answer = record?.answers[item.id]?.[entry.id]
        const notes = record?.notes.filter((note) => note.item === item.id && note.entry === entry.id).map(({ text }) => text) ?? []
        const phrases = (answer?.phrases ?? []).filter((phrase) => !answer?.note?.includes(phrase))
        return {
          item: item.id, entry: entry.id, no: entry.no, text: entry.text, basis: entry.basis, answer: answer?.value ?? null,
          weight: entry.answer === 'pass_fail' || judged(entry, answer?.value ?? null) ? WEIGHTS[judged(entry, answer?.value ?? null) ?? ''] ?? 'open' : answer?.value == null && entry.required && entry.condition === null ? 'open' : 'passed',
          told: [...phrases, answer?.note, ...notes].filter(Boolean).join('；'),
          photos: photos.filter((photo) => photo.entry === entry.id),
        }
      }),
    }
  })
}

const WEIGHTS: Record<string, Weight> = { pass: 'passed', fail: 'failed', not_applicable: 'open', not_checked: 'open' }

/** Items with a failure first, then those with something open, then the clean ones. */
const heaviest = ({ entries, outcomes }: ReviewedItem): number => {
  if (entries.some(({ weight }) => weight === 'failed')) return 0
  const clean = outcomes.every((code) => code === 'no_problem' || code === 'conforming')
  return clean && entries.every(({ weight }) => weight === 'passed') ? 2 : 1
}

export const countOf = (items: readonly ReviewedItem[], weight: Weight): number =>
  items.reduce((sum, item) => sum + item.entries.filter((entry) => entry.weight === weight).length, 0)

/** How what is kept stands to what was signed, in one line. */
export function signedWords(part: Reviewed): string {
  if (!part.confirmation || !part.signed) return '当事人还没有确认'
  const open = part.amendments.filter(({ to_sign, signed_in }) => to_sign && signed_in === null).length
  const changed = part.amendments.length ? `，签后更改 ${part.amendments.length} 处${open ? `，${open} 处还没有补签` : ''}` : ''
  return `${part.signed.state_label}${changed}`
}

/** Only the part's own department: its desk or deputy head, or the part's own leader (reviews/rules.py). */
export function mayReview(who: { department: string | null; roles: readonly string[]; inspector: string | null }, part: Pick<Reviewed, 'department' | 'leader'>): boolean {
  if (who.department !== part.department) return false
  return who.inspector === part.leader || who.roles.some((role) => role === 'desk' || role === 'deputy_head')
}
