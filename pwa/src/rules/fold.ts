/**
 * What is the record of a visit? `state = fold(operations)`, the same in any order of arrival, here and there.
 * sync.md 4 and 6; the twin of backend/onevisit/visits/fold.py, byte for byte (tests/cases/fold_*.json).
 */

import { canonical } from './canonical'
import type { ConfirmBody } from './bodies'
import { CONFIRM_KINDS, CONTENT_KINDS, isKind, isKnown, isOfServer, registerOf, valueOf, type Operation } from './operations'
import { recordOf, withdrawnOf } from './record'
import { atOf, bare, compare, onlyValue, ownBase, registersOf } from './registers'
import type {
  Amendment, ConfirmationOf, HeldOf, LogHead, PartStateCode, PartStateOf, ReviewOf, StateOf,
} from './state'

/** An operation that is kept but does not count, and why. */
export interface Held { operation: Operation; reason: string }
/** A place of a log whose operation was refused: nothing of it can be read. */
export interface Refused { device: string; seq: number }
export type Frontier = Map<string, [seq: number, id: string]>

type Signed = { frontier: LogHead[]; parts: { department: { id: string }; items: { id: string }[]; record: unknown }[] }

const SIGNED_AGAIN = /^(answer|finding)\//
const SIGNED_AGAIN_KINDS = new Set(['answer.set', 'finding.set', 'measure.issue', 'measure.withdraw'])
const VISIT_REGISTERS = new Set(['schedule.set', 'lead.take', 'visit.arrive', 'visit.leave'])

/** The state of a visit from its counted operations; `held` and `refused` only fill their places, unless adopted. */
export const fold = (operations: Iterable<Operation>, held: Iterable<Held> = [], refused: Iterable<Refused> = []): StateOf =>
  new Fold([...operations], [...held], refused).state()

/** How far each log had come when a manifest was made. */
export const frontierOf = (manifest: { frontier: LogHead[] }): Frontier =>
  new Map(manifest.frontier.map((log) => [log.device, [log.seq, log.id]]))

/** Whether the operation was there when the manifest was made. */
export const inFrontier = (operation: { device: string; seq: number }, frontier: Frontier): boolean =>
  operation.seq <= (frontier.get(operation.device)?.[0] ?? 0)

/** The departments whose parts a manifest confirms. */
export const partsOf = (manifest: { parts: { department: { id: string } }[] }): string[] =>
  manifest.parts.map((part) => part.department.id)

const bodyOf = (confirmation: Operation): ConfirmBody => confirmation.body as unknown as ConfirmBody
const manifestOf = (confirmation: Operation): Signed => bodyOf(confirmation).manifest
const takesOf = (amend: Operation): string[] => (amend.body as { takes: string[] }).takes

/** device -> seq -> id (null: refused). A fact chained anew fills both its places, or the new log would have a hole for ever. */
function allPlaces(known: Operation[], refused: Iterable<Refused>): Map<string, Map<number, string | null>> {
  const places = new Map<string, Map<number, string | null>>()
  const put = (device: string, seq: number, id: string | null) => {
    if (!places.has(device)) places.set(device, new Map())
    places.get(device)!.set(seq, id)
  }
  for (const { device, seq } of refused) put(device, seq, null)
  for (const { device, seq, id } of known.sort(byPlace)) put(device, seq, id)
  return places
}

class Fold {
  private readonly counted = new Map<string, Operation>()
  private readonly held = new Map<string, Held>()
  private readonly valid = new Map<string, boolean>()
  private readonly places: Map<string, Map<number, string | null>>
  private readonly adopted: string[]

  constructor(operations: readonly Operation[], held: readonly Held[], refused: Iterable<Refused>) {
    for (const operation of operations) {
      const there = this.counted.get(operation.id)
      // A re-chained duplicate is the same fact: that of the smaller log name stands, whichever came first.
      if (!there || byPlace(operation, there) < 0) this.counted.set(operation.id, operation)
    }
    const given = [...held].sort((a, b) => byPlace(a.operation, b.operation) || compare(a.reason, b.reason))
    for (const entry of given) {
      const { id } = entry.operation
      if (!this.counted.has(id) && !this.held.has(id)) this.held.set(id, entry)
    }
    this.places = allPlaces([...operations, ...held.map((entry) => entry.operation)], refused)
    this.adopted = this.adopt()
  }

  // -- what counts

  private adopt(): string[] {
    const adopted: string[] = []
    for (;;) {
      const found = new Set<string>()
      for (const adopt of this.counted.values()) {
        if (!isKind(adopt, 'adopt')) continue
        const target = this.held.get(adopt.body.operation)?.operation
        if (target && target.part === adopt.part && isKnown(target)) found.add(target.id)
      }
      if (found.size === 0) return adopted.sort()
      for (const id of found) {
        this.counted.set(id, this.held.get(id)!.operation)
        this.held.delete(id)
        adopted.push(id)
      }
    }
  }

  private ofPart(part: string, within: Set<string>): Operation[] {
    return [...within].sort().map((id) => this.counted.get(id)!).filter((operation) => operation.part === part)
  }

  // -- locks

  private within(confirmation: Operation): Set<string> {
    const frontier = frontierOf(manifestOf(confirmation))
    return new Set([...this.counted.values()].filter((operation) => inFrontier(operation, frontier)).map(({ id }) => id))
  }

  private missing(confirmation: Operation): ConfirmationOf['missing'] {
    const missing: ConfirmationOf['missing'] = []
    for (const [device, [last]] of [...frontierOf(manifestOf(confirmation))].sort(([a], [b]) => compare(a, b))) {
      const there = this.places.get(device)
      let first = 1
      while (first <= last && there?.has(first)) first += 1
      if (first <= last) missing.push({ device, from: first, to: last })
    }
    return missing
  }

  /** The parts signed with another record than exactly those operations fold to; ["-"]: other operations. */
  private unequal(confirmation: Operation): string[] {
    const manifest = manifestOf(confirmation)
    for (const [device, [last, id]] of frontierOf(manifest)) {
      const there = this.places.get(device)?.get(last) ?? null
      if (there !== id && there !== null) return ['-']
    }
    const within = this.within(confirmation)
    if (within.has(confirmation.id)) return ['-']
    return manifest.parts
      .filter((part) => !this.isAsSigned(confirmation, part.department.id, part.record, within))
      .map((part) => part.department.id)
  }

  private isAsSigned(confirmation: Operation, part: string, record: unknown, within: Set<string>): boolean {
    const again = confirmation.kind === 'supplement'
    const content = this.content(part, within, again ? this.lock(part, within) : null)
    const registers = registersOf(content)
    if (Object.values(registers).some((register) => register.conflict)) return false
    return canonical(recordOf(content, registers)) === canonical(record)
  }

  private isValid(confirmation: Operation): boolean {
    const known = this.valid.get(confirmation.id)
    if (known !== undefined) return known
    this.valid.set(confirmation.id, false) // two that claim to contain each other are forged
    const valid = this.missing(confirmation).length === 0 && this.unequal(confirmation).length === 0
    this.valid.set(confirmation.id, valid)
    return valid
  }

  /** The confirmations that hold a part and that no later one contains; rivals both stand and are shown. */
  private locks(part: string, within: Set<string>): Operation[] {
    const found = [...within]
      .sort()
      .map((id) => this.counted.get(id)!)
      .filter((op) => CONFIRM_KINDS.has(op.kind) && partsOf(manifestOf(op)).includes(part) && this.isValid(op))
    const frontiers = new Map(found.map((lock) => [lock.id, frontierOf(manifestOf(lock))]))
    return found.filter((lock) => !found.some((other) => other.id !== lock.id && inFrontier(lock, frontiers.get(other.id)!)))
  }

  private lock(part: string, within: Set<string>): Operation | null {
    return this.locks(part, within)[0] ?? null
  }

  /** The confirmation that locked the part, then the supplements signed since. */
  private chain(part: string, lock: Operation): Operation[] {
    if (lock.kind === 'confirm') return [lock]
    const before = this.lock(part, this.within(lock))
    return [...(before ? this.chain(part, before) : []), lock]
  }

  /** The operations of a part's record: what was signed, then only what an amendment takes in. */
  private content(part: string, within: Set<string>, lock: Operation | null): Operation[] {
    const own = this.ofPart(part, within)
    const amends = own.filter((operation) => operation.kind === 'amend')
    const signed = lock
      ? this.content(part, this.within(this.chain(part, lock)[0]!), null)
      : own.filter((operation) => CONTENT_KINDS.has(operation.kind))
    const kept = new Map([...signed, ...amends, ...amends.flatMap((amend) => this.taken(amend))].map((op) => [op.id, op]))
    return [...kept.keys()].sort().map((id) => kept.get(id)!)
  }

  /** What an amendment takes in: operations of its own part that came too late, or were adopted. */
  private taken(amend: Operation): Operation[] {
    return takesOf(amend)
      .map((id) => this.counted.get(id) ?? this.lateHeld(id))
      .filter((op): op is Operation => op !== undefined && op.part === amend.part && CONTENT_KINDS.has(op.kind))
  }

  private lateHeld(id: string): Operation | undefined {
    const held = this.held.get(id)
    return held?.reason === 'locked' ? held.operation : undefined
  }

  // -- the state

  state(): StateOf {
    const every = new Set(this.counted.keys())
    const confirmations = this.ofKinds(CONFIRM_KINDS).map((operation) => this.confirmation(operation, every))
    const names = new Set(confirmations.flatMap((confirmation) => confirmation.parts))
    for (const { part } of this.counted.values()) if (part !== null) names.add(part)
    const parts = bare<PartStateOf>()
    for (const part of [...names].sort()) parts[part] = this.part(part, every, confirmations)
    const late = Object.values(parts).flatMap((part) => part.late)
      .flatMap((id) => this.counted.get(id) ?? [])
      .map((operation) => out(operation, 'locked'))
    const taken = new Set(Object.values(parts).flatMap((part) => part.amendments.flatMap((amend) => amend.takes)))
    const waiting = [...this.held.values()]
      .filter(({ operation }) => !taken.has(operation.id))
      .map(({ operation, reason }) => out(operation, reason))
    const operations = [...this.counted.values()]
    return {
      format: 'onevisit-state/1',
      visit: operations.map((operation) => operation.visit).sort()[0] ?? null,
      registers: registersOf(operations.filter(isVisitLevel)),
      parts,
      confirmations,
      held: [...waiting, ...late].sort((a, b) => compare(a.id, b.id)),
      adopted: this.adopted,
      logs: this.logs(),
    }
  }

  private ofKinds(kinds: Set<string>): Operation[] {
    return [...this.counted.values()].filter((op) => kinds.has(op.kind)).sort((a, b) => compare(a.id, b.id))
  }

  /** How far each log is here without a gap: the frontier of a manifest made from this state. */
  private logs(): LogHead[] {
    const logs: LogHead[] = []
    for (const [device, there] of [...this.places].sort(([a], [b]) => compare(a, b))) {
      let last: LogHead | null = null
      for (let seq = 1; there.has(seq); seq += 1) {
        const id = there.get(seq)!
        if (id !== null) last = { device, seq, id }
      }
      if (last) logs.push(last)
    }
    return logs
  }

  private confirmation(operation: Operation, every: Set<string>): ConfirmationOf {
    const body = bodyOf(operation)
    const parts = partsOf(manifestOf(operation)).sort()
    const missing = this.missing(operation)
    const unequal = missing.length ? [] : this.unequal(operation)
    let state: ConfirmationOf['state'] = missing.length ? 'waiting' : unequal.length ? 'unequal' : 'locked'
    const holds = parts.some((part) => this.allLocks(part, every).some((lock) => lock.id === operation.id))
    if (!holds && parts.every((part) => this.lock(part, every))) state = 'replaced'
    const signs = this.ofKinds(new Set(['sign'])).filter((sign) => (sign.body as { digest: string }).digest === body.digest)
    return {
      id: operation.id,
      kind: operation.kind,
      by: operation.by,
      at: body.at,
      digest: body.digest,
      parts,
      state,
      missing,
      unequal,
      marks: (['signature', 'stamp'] as const).filter((mark) => body.marks[mark] !== null),
      no_stamp_reason: body.marks.no_stamp_reason,
      signer: body.signer,
      objection: body.objection,
      refusal: body.refusal,
      witness: body.witness && body.witness.name,
      own_phone: isOfServer(operation),
      signs: signs.map((sign) => ({ id: sign.id, inspector: (sign.body as { inspector: string }).inspector, part: sign.part })),
    }
  }

  private allLocks(part: string, every: Set<string>): Operation[] {
    return this.locks(part, every).flatMap((lock) => this.chain(part, lock))
  }

  private part(part: string, every: Set<string>, confirmations: ConfirmationOf[]): PartStateOf {
    const own = this.ofPart(part, every)
    const locks = this.locks(part, every)
    const lock = locks[0] ?? null
    const content = this.content(part, every, lock)
    const registers = registersOf(content)
    const readiness = `ready/${part}`
    const steps = registersOf(own.filter((operation) => registerOf(operation) === readiness))
    const both = { ...registers, ...steps }
    const ready = onlyValue(steps[readiness]) as { ready: boolean } | null
    const conflicts = Object.keys(both).filter((name) => both[name]!.conflict).sort()
    const amendments = this.amendments(part, own, lock)
    const review = reviewOf(part, own)
    const isReady = ready !== null && ready.ready && conflicts.length === 0
    return {
      state: partState(lock, isReady, review, this.signedItems(part, lock)),
      ready: isReady,
      conflicts,
      registers: both,
      record: recordOf(content, registers),
      withdrawn: withdrawnOf(content),
      lock: lock && {
        confirmation: lock.id,
        digest: bodyOf(lock).digest,
        chain: this.chain(part, lock).map(({ id }) => id),
        rivals: locks.slice(1).map(({ id }) => id),
      },
      version: 1 + amendments.length,
      amendments,
      to_sign_again: amendments.some((amend) => amend.to_sign && amend.signed_in === null),
      faults: confirmations.filter((entry) => entry.parts.includes(part) && entry.state === 'unequal').map(({ id }) => id),
      review,
      late: this.late(part, own, new Set(content.map(({ id }) => id))),
    }
  }

  /** What came after the signature, whether the server counted or held it: offered as a supplement. */
  private late(part: string, own: Operation[], inside: Set<string>): string[] {
    const held = [...this.held.values()].filter(({ reason, operation }) => reason === 'locked' && operation.part === part)
    return [...own, ...held.map(({ operation }) => operation)]
      .filter(({ id, kind }) => CONTENT_KINDS.has(kind) && !inside.has(id))
      .map(({ id }) => id)
      .sort()
  }

  private signedItems(part: string, lock: Operation | null): string[] {
    const signed = lock && manifestOf(lock).parts.find((entry) => entry.department.id === part)
    return (signed?.items ?? []).map((item) => item.id)
  }

  /** Changes after locking, each with the value before, so that the difference stays visible. */
  private amendments(part: string, own: Operation[], lock: Operation | null): Amendment[] {
    if (!lock) return []
    const [root, ...since] = this.chain(part, lock).map((link) => ({ id: link.id, frontier: frontierOf(manifestOf(link)) }))
    return own
      .filter((operation) => isKind(operation, 'amend') && !inFrontier(operation, root!.frontier))
      .map((amend) => this.amendment(amend as Operation<'amend'>, since))
  }

  private amendment(amend: Operation<'amend'>, since: { id: string; frontier: Frontier }[]): Amendment {
    const { register, reason, value } = amend.body
    const taken = this.taken(amend)
    const seen = register === null ? [] : [...(ownBase(amend, register) ?? [])].sort().map((id) => this.counted.get(id))
    const before = seen.filter((op): op is Operation => op !== undefined && registerOf(op) === register)
    return {
      id: amend.id,
      by: amend.by,
      at: atOf(amend),
      register,
      reason,
      before: before.map(valueOf),
      after: value,
      takes: taken.map(({ id }) => id).sort(),
      to_sign: SIGNED_AGAIN.test(register ?? '') || taken.some(({ kind }) => SIGNED_AGAIN_KINDS.has(kind)),
      signed_in: since.find(({ frontier }) => inFrontier(amend, frontier))?.id ?? null,
    }
  }
}

const byPlace = (a: Operation, b: Operation): number =>
  compare(a.id, b.id) || compare(a.device, b.device) || a.seq - b.seq
const isVisitLevel = ({ kind, part }: Operation): boolean => VISIT_REGISTERS.has(kind) || (kind === 'settle' && part === null)
const out = ({ id, kind, part, by }: Operation, reason: string): HeldOf => ({ id, kind, part, by, reason })

function reviewOf(part: string, own: Operation[]): ReviewOf {
  const prefix = `review/${part}/`
  const verdicts = registersOf(own.filter((operation) => registerOf(operation)?.startsWith(prefix)))
  const submits = own.filter((operation): operation is Operation<'submit'> => isKind(operation, 'submit'))
  const answered = new Set(submits.flatMap((submit) => submit.body.answers_to))
  const review: ReviewOf = { submitted: submits.map(({ id }) => id), returned: [], accepted: [] }
  for (const name of Object.keys(verdicts).sort()) {
    const item = name.slice(prefix.length)
    for (const { value, heads } of verdicts[name]!.values) {
      const { verdict, reason } = value as { verdict: string; reason: string }
      if (verdict === 'accepted' && !verdicts[name]!.conflict) review.accepted.push(item)
      if (verdict !== 'returned') continue
      for (const { id } of heads) review.returned.push({ item, id, reason, answered: answered.has(id) })
    }
  }
  review.returned.sort((a, b) => compare(a.id, b.id))
  return review
}

function partState(lock: Operation | null, isReady: boolean, review: ReviewOf, items: string[]): PartStateCode {
  if (!lock) return isReady ? 'ready' : 'open'
  if (review.submitted.length === 0) return 'locked'
  if (review.returned.some((entry) => !entry.answered)) return 'returned'
  const accepted = new Set(review.accepted)
  const whole = accepted.has('all') || (items.length > 0 && items.every((item) => accepted.has(item)))
  return review.returned.length > 0 || !whole ? 'submitted' : 'accepted'
}
