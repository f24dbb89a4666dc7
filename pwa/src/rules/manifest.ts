/**
 * What exactly does the subject sign, and is it what is kept? (sync.md 6) The twin of visits/manifest.py.
 * It carries the words that are read and per part the `record` of the fold; screen and PDF are templates over it.
 */

import { withAdded } from './added'
import { canonical, digest } from './canonical'
import { fold, frontierOf, inFrontier, partsOf, type Held, type Refused } from './fold'
import { CONFIRM_KINDS, type Operation } from './operations'
import type { ChecklistEntry, Coded, ItemOf, Named, PartOf, SubjectOf, TaskOf, VisitPackage } from './package'
import { visits_check_method } from '../terms/visits'
import { offSite } from './gaps'
import type { LogHead, PartStateOf, RecordOf, StateOf } from './state'

type EntryWords = Pick<ChecklistEntry, 'id' | 'no' | 'text' | 'answer' | 'unit' | 'method' | 'basis' | 'limits'>
type SubjectWords = Omit<SubjectOf, 'risk' | 'position' | 'licences'>

export interface ManifestPart {
  department: Named
  initiating: boolean
  inspectors: { id: string; name: string; certificate: string | null }[]
  items: (Omit<ItemOf, 'checklist'> & { checklist: { id: string; version: number; hash: string }; entries: EntryWords[] })[]
  record: RecordOf
}
export interface Supplement {
  of: string[]
  changes: { part: string; id: string; register: string | null; reason: string }[]
}
export interface Manifest {
  format: 'onevisit-manifest/1'
  visit: { id: string; visit_no: string }
  header: {
    issuer: string
    form_name: string | null
    region: Named
    task: TaskOf
    tasks?: TaskOf[]
    subject: SubjectWords
    methods: Coded[]
    year_count: number
    cap: number | null
    from: string | null
    to: string
    outcomes: Coded[]
  }
  parts: ManifestPart[]
  frontier: LogHead[]
  supplement: Supplement | null
}
export interface Difference { path: string; signed: unknown; kept: unknown }

/** What is to be confirmed now: every part that is ready and not yet locked; `at` is the end of the check. */
export const manifest = (visit: VisitPackage, state: StateOf, at: string): Manifest =>
  build(visit, state, at, partsToConfirm(visit, state), null, state.logs)

/** What is to be confirmed again: the locked parts with a change that needs a signature. */
export function supplementManifest(visit: VisitPackage, state: StateOf, at: string): Manifest {
  const parts = partsToSupplement(visit, state)
  const changes = parts.flatMap((part) =>
    state.parts[part]!.amendments.filter((amend) => amend.signed_in === null).map(({ id, register, reason }) => ({ part, id, register, reason })),
  )
  const of = [...new Set(parts.map((part) => state.parts[part]!.lock!.digest))].sort()
  return build(visit, state, at, parts, { of, changes }, state.logs)
}

/** The parts a first confirmation made now would cover, in the order of the package. */
export const partsToConfirm = (visit: VisitPackage, state: StateOf): string[] =>
  order(visit).filter((part) => state.parts[part]?.state === 'ready')

/** The locked parts with settled changes that the subject has not signed yet. */
export const partsToSupplement = (visit: VisitPackage, state: StateOf): string[] =>
  order(visit).filter((part) => {
    const there = state.parts[part]
    return there?.lock && there.to_sign_again && there.conflicts.length === 0
  })

/** H(manifest). */
export const manifestDigest = (signed: Manifest): Promise<string> => digest(signed)

/** The first half of a digest as 8 × 4 hex, to be compared by eye. */
export const shortCode = (whole: string): string => (whole.slice(0, 32).match(/.{1,4}/g) ?? []).join(' ')

/** The state of exactly the operations up to the frontier (and of the adoptions made since). */
export function exactly(
  signed: Manifest,
  supplement: boolean,
  operations: Iterable<Operation>,
  held: Iterable<Held> = [],
  refused: Iterable<Refused> = [],
): StateOf {
  const frontier = frontierOf(signed)
  const parts = new Set(partsOf(signed))
  // A first confirmation stands on its own: an earlier one of the same parts that never locked them does not count.
  const isEarlier = (operation: Operation): boolean =>
    !supplement &&
    CONFIRM_KINDS.has(operation.kind) &&
    partsOf((operation.body as unknown as { manifest: Manifest }).manifest).some((part) => parts.has(part))
  return fold(
    [...operations].filter((op) => (inFrontier(op, frontier) || op.kind === 'adopt') && !isEarlier(op)),
    [...held].filter((entry) => inFrontier(entry.operation, frontier)),
    [...refused].filter((place) => inFrontier(place, frontier)),
  )
}

/** The manifest as it follows from a state made by `exactly`, to be compared with the signed one. */
export function keptManifest(visit: VisitPackage, signed: Manifest, state: StateOf): Manifest {
  const parts = partsOf(signed)
  return build(visit, state, signed.header.to, order(visit).filter((part) => parts.includes(part)), signed.supplement, signed.frontier)
}

/** Where two manifests (or records) differ; members with an id or a department are matched by it. */
export function differences(signed: unknown, kept: unknown, path = ''): Difference[] {
  if (isObject(signed) && isObject(kept)) return among(signed, kept, path)
  if (Array.isArray(signed) && Array.isArray(kept)) return among(byName(signed), byName(kept), path)
  const [left, right] = [signed ?? null, kept ?? null]
  return canonical(left) === canonical(right) ? [] : [{ path: path || '/', signed: left, kept: right }]
}

function among(signed: Record<string, unknown>, kept: Record<string, unknown>, path: string): Difference[] {
  const names = [...new Set([...Object.keys(signed), ...Object.keys(kept)])].sort()
  return names.flatMap((name) => differences(signed[name], kept[name], `${path}/${name}`))
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function byName(members: unknown[]): Record<string, unknown> {
  const names: Record<string, unknown> = {}
  for (const [n, member] of members.entries()) {
    const place = String(n).padStart(4, '0')
    const name = isObject(member) ? nameOf(member) || place : place
    names[Object.hasOwn(names, name) ? `${name}~${place}` : name] = member
  }
  return names
}

function nameOf(member: Record<string, unknown>): string {
  const inner = isObject(member.department) ? member.department.id : null
  return String(inner || member.id || member.device || member.code || '')
}

const order = (visit: VisitPackage): string[] => visit.parts.map((part) => part.department.id)

function build(
  visit: VisitPackage,
  state: StateOf,
  at: string,
  parts: string[],
  supplement: Supplement | null,
  frontier: LogHead[],
): Manifest {
  const planned = new Map(withAdded(visit, state).parts.map((part) => [part.department.id, part]))
  const built = parts.map((part) => partWords(planned.get(part)!, state.parts[part]))
  return {
    format: 'onevisit-manifest/1',
    visit: { id: visit.id, visit_no: visit.visit_no },
    header: header(visit, state, at, built),
    parts: built,
    frontier: [...frontier],
    supplement,
  }
}

function header(visit: VisitPackage, state: StateOf, at: string, parts: ManifestPart[]): Manifest['header'] {
  const used = new Set(parts.flatMap((part) => Object.values(part.record.findings ?? {}).flatMap((found) => found.outcomes)))
  const { id, name, credit_code, kind, address, legal_representative, phone, contact, contact_phone, responsible } = visit.subject
  return {
    issuer: visit.issuer,
    form_name: visit.form_name ?? null,
    region: { ...visit.region },
    task: { ...visit.task },
    ...(visit.tasks?.length ? { tasks: visit.tasks.map((task) => ({ ...task })) } : {}),
    subject: { id, name, credit_code, kind, address, legal_representative, phone, contact, contact_phone, ...(responsible ? { responsible: { ...responsible } } : {}) },
    methods: methodsOf(visit, parts),
    year_count: visit.year_count,
    cap: visit.cap,
    from: arrivedAt(state),
    to: at,
    outcomes: visit.profile.outcomes.codes.filter(({ code }) => used.has(code)).map((code) => ({ ...code })),
  }
}

/** How the task says it is checked, and how a part was checked where nobody went there. */
function methodsOf(visit: VisitPackage, parts: ManifestPart[]): Coded[] {
  const nobodyWent = parts.length > 0 && parts.every(({ record }) => offSite(record))
  const planned = visit.methods.filter(({ code }) => !(nobodyWent && code === 'on_site')).map((method) => ({ ...method }))
  const used = new Set(parts.flatMap(({ record }) => record.method?.method ?? []))
  const more = [...used].filter((code) => !planned.some((method) => method.code === code)).sort()
  return [...planned, ...more.map((code) => ({ code, label: visits_check_method[code]! }))]
}

/** When the first of the team arrived, by his own phone's clock (times of one offset compare as text). */
export const arrivedAt = (state: StateOf): string | null =>
  Object.entries(state.registers)
    .filter(([name]) => name.startsWith('arrive/'))
    .flatMap(([, register]) => register.values.map(({ value }) => (value as { at: string }).at))
    .sort()[0] ?? null

const partWords = (planned: PartOf, there: PartStateOf | undefined): ManifestPart => ({
  department: { ...planned.department },
  initiating: planned.initiating,
  inspectors: planned.team.map(({ id, name, certificate }) => ({ id, name, certificate })),
  items: planned.items.map(({ id, code, name, legal_basis, checklist }) => ({
    id,
    code,
    name,
    legal_basis,
    checklist: { id: checklist.id, version: checklist.version, hash: checklist.hash },
    entries: checklist.entries.map(entryWords),
  })),
  record: (there?.record ?? {}) as RecordOf,
})

const entryWords = ({ id, no, text, answer, unit, method, basis, limits }: ChecklistEntry): EntryWords => ({
  id, no, text, answer, unit, method, basis, ...(limits ? { limits } : {}),
})
