/**
 * What is an operation, is this one well formed, and which register does it set? (sync.md 1)
 * The twin of backend/onevisit/visits/operations.py, held to it by tests/cases/operations_*.json.
 */

import type { Bodies, ConfirmBody, Kind } from './bodies'
import { canonical, digest } from './canonical'
import { isBag, isDevice, isHash, isInstant, isInt, isKey, isUuid7, SHAPES, wrongField } from './shapes'

const MOST_BYTES = 64 * 1024
const MOST_BYTES_CONFIRM = 512 * 1024

/** One fact of the record as it travels; hashing it gives its hash. */
export interface Operation<K extends string = string> {
  id: string
  device: string
  visit: string
  seq: number
  prev: string | null
  part: string | null
  kind: K
  body: K extends Kind ? Bodies[K] : Record<string, unknown>
  base: Record<string, string[]>
  by: string
  at: { wall: string; offset_ms: number | null }
}

const FIELDS = 'at,base,body,by,device,id,kind,part,prev,seq,visit'
const VISIT_KINDS = new Set(['schedule.set', 'lead.take', 'confirm', 'supplement'])
const EITHER_KINDS = new Set(['settle', 'adopt'])

/** The sets of a record: what adds to them, and under which name they stand in it. */
export const SETS: Record<string, string> = {
  'note.add': 'notes',
  'photo.add': 'photos',
  'audio.add': 'audio',
  'paper.add': 'papers',
  'sample.add': 'samples',
  'evidence.take': 'evidence',
  'measure.issue': 'measures',
  'clip.add': 'clips',
  'recording.add': 'recordings',
  'marking.add': 'markings',
}
/** What takes an element of a set back. */
export const WITHDRAWALS: Record<string, string> = {
  'note.withdraw': 'notes',
  'photo.withdraw': 'photos',
  'audio.withdraw': 'audio',
  'paper.withdraw': 'papers',
  'sample.withdraw': 'samples',
  'evidence.withdraw': 'evidence',
  'measure.withdraw': 'measures',
  'clip.withdraw': 'clips',
  'recording.withdraw': 'recordings',
  'marking.withdraw': 'markings',
}
const VALUED: Record<string, [Kind, string[]]> = {
  answer: ['answer.set', ['item', 'entry']],
  finding: ['finding.set', ['item']],
  transcript: ['transcript.set', []],
  item: ['item.add', ['item']],
  fact: ['fact.differs', ['key']],
  expert: ['expert.add', ['expert']],
  method: ['method.set', []],
  schedule: ['schedule.set', []],
}
const PREFIX_OF = new Map<string, string>(Object.entries(VALUED).map(([prefix, [kind]]) => [kind, prefix]))
const WITH_PART = new Set(['transcript', 'item', 'fact', 'expert', 'method'])

/** What a record consists of: only these are frozen by a confirmation. */
export const CONTENT_KINDS = new Set([
  ...Object.keys(SETS),
  ...Object.keys(WITHDRAWALS),
  ...[...PREFIX_OF.keys()].filter((kind) => kind !== 'schedule.set'),
  'settle',
])
export const CONFIRM_KINDS = new Set(['confirm', 'supplement'])
const REVIEW_KINDS = new Set(['send_back', 'accept'])
const KINDS = new Set(Object.keys(SHAPES).filter((name) => /[._]|^(confirm|sign|supplement|submit|settle|amend|adopt|accept)$/.test(name)))

/** Why it is none: a stable code, the field and a Chinese sentence. */
export class BadOperation extends Error {
  readonly code: string
  constructor(code: string, readonly detail: string, readonly field: string | null = null) {
    super(`operation.${code} ${field ?? ''} ${detail}`)
    this.code = `operation.${code}`
  }
}

/** Whether this version knows the kind; unknown ones are kept and held. */
export const isKnown = (operation: { kind: string }): boolean => KINDS.has(operation.kind)
/** Whether it stands in the server's own log. */
export const isOfServer = (operation: { device: string }): boolean => operation.device.startsWith('server:')
/** Whether it is of that kind, for the types. */
export const isKind = <K extends Kind>(operation: Operation, kind: K): operation is Operation<K> => operation.kind === kind

/** Reads one operation; throws BadOperation where it is not one. The digest is checked by `digestMatches`. */
export function parseOperation(value: unknown): Operation {
  if (!isBag(value)) throw new BadOperation('unreadable', '不是一条操作')
  let size: number
  try {
    size = new TextEncoder().encode(canonical(value)).length
  } catch {
    throw new BadOperation('not_canonical', '含有小数、非 ASCII 字段名或不成对的字符')
  }
  const operation = envelope(value)
  const most = CONFIRM_KINDS.has(operation.kind) ? MOST_BYTES_CONFIRM : MOST_BYTES
  if (size > most) throw new BadOperation('too_large', `一条操作最多 ${most / 1024} KB`)
  if (isKnown(operation)) {
    checkPart(operation)
    checkBody(operation)
  }
  return operation
}

/** H(JCS(operation)), the `prev` of the next one in its log. */
export const operationHash = (operation: Operation): Promise<string> => digest(operation)

/** Whether a confirmation's digest is that of its manifest; true for all other kinds. */
export async function digestMatches(operation: Operation): Promise<boolean> {
  if (!CONFIRM_KINDS.has(operation.kind)) return true
  const body = operation.body as unknown as ConfirmBody
  return (await digest(body.manifest)) === body.digest
}

/** The ASCII text under a bundle's signature. */
export const signedText = (device: string, visit: string, from: number, to: number, hash: string): string =>
  `onevisit-bundle/1|${device}|${visit}|${from}|${to}|${hash}`

/** Whether both are the same fact, perhaps re-chained in another log (all but device, seq, prev). */
export const sameContent = (one: Operation, other: Operation): boolean => content(one) === content(other)

const content = ({ device: _device, seq: _seq, prev: _prev, ...rest }: Operation): string => canonical(rest)

/** The register it sets; null where it adds to a set or says something once. */
export function registerOf(operation: Operation): string | null {
  const { kind, part, by } = operation
  const body = operation.body as Record<string, unknown>
  const prefix = PREFIX_OF.get(kind)
  if (prefix !== undefined) {
    const names = VALUED[prefix]![1].map((field) => String(body[field]))
    return [prefix, ...(WITH_PART.has(prefix) ? [String(part)] : []), ...names].join('/')
  }
  if (kind === 'visit.arrive' || kind === 'visit.leave') return `${kind.split('.')[1]}/${part}/${by}`
  if (kind === 'lead.take') return 'lead'
  if (kind === 'part.ready' || kind === 'part.reopen') return `ready/${part}`
  if (REVIEW_KINDS.has(kind)) return `review/${part}/${(body.item as string | null) ?? 'all'}`
  if (kind === 'settle' || kind === 'amend') return body.register as string | null
  return null
}

/** The value it gives its register. */
export function valueOf(operation: Operation): unknown {
  const { kind } = operation
  const body = operation.body as Record<string, unknown>
  const prefix = PREFIX_OF.get(kind)
  if (prefix !== undefined) {
    const routing = VALUED[prefix]![1]
    return Object.fromEntries(Object.entries(body).filter(([field]) => !routing.includes(field)))
  }
  if (kind === 'visit.arrive' || kind === 'visit.leave') return { at: operation.at.wall, ...body }
  if (kind === 'lead.take') return { inspector: operation.by, reason: body.reason }
  if (kind === 'part.ready' || kind === 'part.reopen') return { ready: kind === 'part.ready', reason: body.reason ?? null }
  if (REVIEW_KINDS.has(kind)) {
    return { verdict: kind === 'send_back' ? 'returned' : 'accepted', reason: body.reason ?? null }
  }
  return body.value
}

function envelope(value: Record<string, unknown>): Operation {
  const names = Object.keys(value).sort()
  if (names.join() !== FIELDS) {
    const wanted = FIELDS.split(',')
    const odd = [...names.filter((name) => !wanted.includes(name)), ...wanted.filter((name) => !names.includes(name))].sort()
    throw new BadOperation('bad_envelope', '字段不齐或多余', `/${odd[0]}`)
  }
  const { at, base, body, kind, part, prev, seq } = value
  const checks: [string, boolean][] = [
    ['/id', isUuid7(value.id)],
    ['/device', isDevice(value.device)],
    ['/visit', isUuid7(value.visit)],
    ['/seq', isInt(seq, 1, 2 ** 31)],
    ['/prev', prev === null || isHash(prev)],
    ['/part', part === null || isKey(part)],
    ['/kind', typeof kind === 'string' && /^[\x00-\x7f]{1,30}$/.test(kind)],
    ['/body', isBag(body)],
    ['/base', isBag(base) && Object.values(base).every(isSeen)],
    ['/by', isKey(value.by)],
    ['/at', isAt(at)],
  ]
  for (const [field, good] of checks) if (!good) throw new BadOperation('bad_envelope', '字段的形式不对', field)
  if ((seq === 1) !== (prev === null)) throw new BadOperation('bad_envelope', '第一条没有前一条，其余都有', '/prev')
  return value as unknown as Operation
}

const isSeen = (ids: unknown): boolean => Array.isArray(ids) && ids.length <= 100 && ids.every(isUuid7)

const isAt = (at: unknown): boolean =>
  isBag(at) &&
  Object.keys(at).sort().join() === 'offset_ms,wall' &&
  isInstant(at.wall) &&
  (at.offset_ms === null || isInt(at.offset_ms, -1e12, 1e12))

function checkPart({ kind, part }: Operation): void {
  if (VISIT_KINDS.has(kind) && part !== null) throw new BadOperation('part_not_allowed', '这种操作属于整次任务', '/part')
  if (!VISIT_KINDS.has(kind) && !EITHER_KINDS.has(kind) && part === null) {
    throw new BadOperation('part_missing', '缺少所属部门', '/part')
  }
}

function checkBody(operation: Operation): void {
  const wrong = wrongField(SHAPES[operation.kind]!, operation.body, '/body')
  if (wrong !== null) throw new BadOperation('bad_body', '内容缺少、多余或形式不对', wrong)
  if (isKind(operation, 'settle') || isKind(operation, 'amend')) checkRegister(operation)
  if (isKind(operation, 'confirm') || isKind(operation, 'supplement')) checkConfirmation(operation)
}

function checkRegister(operation: Operation<'settle'> | Operation<'amend'>): void {
  const { register, value } = operation.body
  if (register === null) {
    if (value !== null || operation.kind !== 'amend' || operation.body.takes.length === 0) {
      throw new BadOperation('bad_body', '没有改动内容', '/body/register')
    }
    return
  }
  const [prefix, ...names] = register.split('/') as [string, ...string[]]
  if (operation.kind === 'settle' && register === 'lead') {
    if (wrongField({ inspector: 'key', reason: 'text:500' }, value) !== null) {
      throw new BadOperation('bad_body', '值的形式不对', '/body/value')
    }
  } else if (!namesRegister(operation, prefix, names)) {
    throw new BadOperation('unknown_register', '没有这样的栏目', '/body/register')
  } else {
    const [kind, routing] = VALUED[prefix]!
    const shape = Object.fromEntries(Object.entries(SHAPES[kind]!).filter(([field]) => !routing.includes(field)))
    const wrong = wrongField(shape, value, '/body/value')
    if (wrong !== null) throw new BadOperation('bad_body', '值的形式不对', wrong)
  }
  if ((register === 'lead' || register === 'schedule') !== (operation.part === null)) {
    throw new BadOperation('bad_body', '栏目不属于这个部门', '/part')
  }
}

function namesRegister(operation: { kind: string; part: string | null }, prefix: string, names: string[]): boolean {
  if (!Object.hasOwn(VALUED, prefix) || !names.every(isKey)) return false
  if (prefix === 'schedule' && operation.kind === 'amend') return false
  if (WITH_PART.has(prefix) && names[0] !== operation.part) return false
  return names.length === VALUED[prefix]![1].length + (WITH_PART.has(prefix) ? 1 : 0)
}

function checkConfirmation(operation: Operation<'confirm'> | Operation<'supplement'>): void {
  const { manifest, marks, refusal, signer } = operation.body
  if (manifest.visit.id !== operation.visit) throw new BadOperation('bad_body', '确认的不是这次任务', '/body/manifest')
  if ((operation.kind === 'supplement') !== ((manifest.supplement ?? null) !== null)) {
    throw new BadOperation('bad_body', '补充确认与首次确认不能混用', '/body/manifest')
  }
  const marked = marks.signature !== null || marks.stamp !== null
  if (refusal === null && !(marked && signer !== null)) {
    throw new BadOperation('marks_missing', '没有签字或盖章，也没有写明拒绝', '/body/marks')
  }
  if (refusal !== null && marked) {
    throw new BadOperation('marks_missing', '拒绝签字的记录不能带签字或盖章', '/body/marks')
  }
}
