/**
 * May this operation count, and if not, why? What another phone hands over is judged here as the server will judge it.
 * The twin of `verdict` in backend/onevisit/visits/rules.py, held to it by tests/cases/verdict_visit.json.
 */

import { answerFits } from './answers'
import type { ConfirmBody } from './bodies'
import { partsOf } from './fold'
import { CONFIRM_KINDS, CONTENT_KINDS, isKnown, isOfServer, registerOf, valueOf, type Operation } from './operations'
import type { ChecklistEntry, VisitPackage } from './package'
import type { PartStateCode, StateOf } from './state'
import { leaders } from './team'

export interface Verdict { verdict: 'applied' | 'held' | 'refused'; reason: string | null }
/** Whose phone wrote it. */
export interface Writer { owner: string | null; revoked?: boolean }
export interface Context {
  package: VisitPackage
  state: StateOf
  partStates?: Readonly<Record<string, string>>
  closed?: boolean
  /** Held operations and the part each is of. */
  heldParts?: Readonly<Record<string, string | null>>
}

const REVIEWS = new Set(['send_back', 'accept'])
const LOCKED: ReadonlySet<string> = new Set<PartStateCode | 'final' | 'published' | 'withheld' | 'archived'>(['locked', 'submitted', 'returned', 'accepted', 'final', 'published', 'withheld', 'archived'])
const STILL_OPEN_TO_CHANGE = new Set(['locked', 'submitted', 'returned'])
/** From here on only an erratum changes anything. */
const isDone = (state: string | undefined): boolean => state !== undefined && LOCKED.has(state) && !STILL_OPEN_TO_CHANGE.has(state)

const held = (reason: string): Verdict => ({ verdict: 'held', reason })

export function verdictOn(operation: Operation, context: Context, writer: Writer): Verdict {
  if (isOfServer(operation)) return isKnown(operation) ? { verdict: 'applied', reason: null } : held('unknown_kind')
  if (writer.owner !== operation.by) return held('not_your_device')
  if (writer.revoked) return held('device_revoked')
  if (!isKnown(operation)) return held('unknown_kind')
  if (REVIEWS.has(operation.kind)) return { verdict: 'refused', reason: 'server_only' }
  const place = outOfPlace(operation, context) ?? notAllowed(operation, context)
  if (place !== null) return held(place)
  if (isWrongAnswer(operation, context)) return { verdict: 'refused', reason: 'wrong_answer' }
  const late = tooLate(operation, context)
  return late === null ? { verdict: 'applied', reason: null } : held(late)
}

const teamOf = ({ package: { parts } }: Context, part: string | null): string[] =>
  parts.find((one) => one.department.id === part)?.team.map(({ id }) => id) ?? []
const initiating = ({ package: { parts } }: Context): string => parts.find((part) => part.initiating)!.department.id

/** Who may write what (sync.md 2). */
function outOfPlace(operation: Operation, context: Context): string | null {
  const { by, kind, part } = operation
  if (!context.package.parts.some((one) => one.team.some(({ id }) => id === by))) return 'not_on_team'
  if (kind === 'lead.take') return teamOf(context, initiating(context)).includes(by) ? null : 'other_part'
  if (CONFIRM_KINDS.has(kind)) return mayConfirm(operation, context) ? null : 'not_leader'
  if (part === null && kind !== 'adopt') return isLeader(by, context) || settlesLead(operation, context) ? null : 'not_leader'
  if (kind === 'sign') return teamOf(context, part).includes((operation.body as { inspector: string }).inspector) ? null : 'not_on_team'
  if (kind === 'adopt') return notAdopter(operation, context)
  if (!teamOf(context, part).includes(by)) return 'other_part'
  return isForeignItem(operation, context) ? 'other_part' : null
}

const isLeader = (by: string, { package: visit, state }: Context): boolean => leaders(visit, state).includes(by)

/** Who leads is settled by the initiating department's team, as any of them may take the lead. */
const settlesLead = ({ kind, body, by }: Operation, context: Context): boolean =>
  kind === 'settle' && (body as { register: string }).register === 'lead' && teamOf(context, initiating(context)).includes(by)

function mayConfirm({ body, by }: Operation, context: Context): boolean {
  const own = partsOf((body as unknown as ConfirmBody).manifest).map((part) => context.package.parts.find((one) => one.department.id === part)?.leader)
  return isLeader(by, context) || own.every((leader) => leader === by)
}

function notAdopter({ by, part, body }: Operation, context: Context): string | null {
  const target = (body as { operation: string }).operation
  const parts = context.heldParts ?? {}
  if (Object.hasOwn(parts, target) && parts[target] !== part) return 'other_part'
  if (part === null) return isLeader(by, context) ? null : 'not_leader'
  if (context.package.parts.find((one) => one.department.id === part)?.leader === by) return null
  const mine = teamOf(context, part).includes(by)
  // Who took the lead of the visit leads the initiating department's part too.
  if (mine && part === initiating(context) && isLeader(by, context)) return null
  return mine ? 'not_leader' : 'other_part'
}

/** What the rules of the region keep out: an item that is on no published list, a check from the desk (S0, S2). */
function notAllowed(operation: Operation, { package: visit }: Context): string | null {
  const [prefix, ...names] = (registerOf(operation) ?? '').split('/')
  if (prefix === 'item' && visit.parts.some((part) => part.addable !== undefined)) {
    const pin = (valueOf(operation) as { checklist: { id: string } | null }).checklist
    const listed = visit.parts.find((part) => part.department.id === operation.part)?.addable ?? []
    return listed.some(({ id, checklist }) => id === names.at(-1) && checklist.id === pin?.id) ? null : 'not_on_list'
  }
  if (prefix === 'method' && visit.profile.check_on_site.required) return (valueOf(operation) as { method: string }).method === 'on_site' ? null : 'on_site_required'
  return null
}

/** The item and entry an operation is about. */
function namesOf({ kind, body }: Operation): { item: string | null; entry: string | null } {
  const said = body as Record<string, unknown>
  if (kind === 'settle' || kind === 'amend') {
    const [prefix, item = null, entry = null] = String(said['register'] ?? '').split('/')
    return prefix === 'answer' ? { item, entry } : prefix === 'finding' ? { item, entry: null } : { item: null, entry: null }
  }
  if (kind === 'item.add') return { item: null, entry: null }
  return { item: (said['item'] as string | undefined) ?? null, entry: (said['entry'] as string | undefined) ?? null }
}

/** Planned or added items: where each belongs and what may be asked in it (nothing known: anything). */
function itemIn({ package: visit, state }: Context, item: string): { part: string; entries: readonly ChecklistEntry[] } | null {
  for (const part of visit.parts) {
    const found = part.items.find(({ id }) => id === item)
    if (found) return { part: part.department.id, entries: found.checklist.entries ?? [] }
  }
  for (const [part, there] of Object.entries(state.parts)) {
    const added = there.record.items[item]
    const listed = visit.parts.find((one) => one.department.id === part)?.addable?.find((one) => one.id === item)
    if (added) return { part, entries: listed && listed.checklist.hash === added.checklist?.hash ? (listed.checklist.entries ?? []) : [] }
  }
  return null
}

function isForeignItem(operation: Operation, context: Context): boolean {
  const { item, entry } = namesOf(operation)
  if (item === null) return false
  const found = itemIn(context, item)
  if (found?.part !== operation.part) return true
  return entry !== null && found.entries.length > 0 && !found.entries.some(({ id }) => id === entry)
}

function isWrongAnswer(operation: Operation, context: Context): boolean {
  const { item, entry } = namesOf(operation)
  if (item === null || entry === null || !['answer.set', 'settle', 'amend'].includes(operation.kind)) return false
  const value = (operation.body as { value: unknown }).value
  const answer = operation.kind === 'answer.set' ? value : ((value as { value?: unknown } | null)?.value ?? null)
  const planned = itemIn(context, item)?.entries.find(({ id }) => id === entry)
  return planned !== undefined && answer !== null && !answerFits(planned, answer as string)
}

function tooLate(operation: Operation, { state, partStates = {}, closed = false }: Context): string | null {
  if (closed) return 'visit_closed'
  const stateOf = (part: string): string | undefined => partStates[part] ?? state.parts[part]?.state
  const { kind, part, body } = operation
  if (CONFIRM_KINDS.has(kind)) {
    const late = (one: string): boolean => (kind === 'confirm' ? LOCKED.has(stateOf(one) ?? '') : isDone(stateOf(one)))
    return partsOf((body as unknown as ConfirmBody).manifest).some(late) ? 'locked' : null
  }
  const now = part === null ? undefined : stateOf(part)
  if (CONTENT_KINDS.has(kind) || kind === 'part.ready' || kind === 'part.reopen') return LOCKED.has(now ?? '') ? 'locked' : null
  return (kind === 'amend' || kind === 'adopt') && isDone(now) ? 'locked' : null
}
