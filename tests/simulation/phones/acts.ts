/** What do inspectors do on their phones? Each act reads the record as its screen does, and writes through the shipped writer. */
import { amendment, change, isSigned, takeIn, type Change } from '../../../pwa/src/local/amend'
import { hashBytes } from '../../../pwa/src/local/blobs'
import { visitLog } from '../../../pwa/src/local/log'
import { wallTime } from '../../../pwa/src/local/ids'
import { baseOf, registerIn, stateOf } from '../../../pwa/src/local/record'
import type { Store } from '../../../pwa/src/local/store'
import { packageOf } from '../../../pwa/src/local/visits'
import { recordAll, type Draft, type FileDraft, type LoggedOperation } from '../../../pwa/src/local/writer'
import { withAdded } from '../../../pwa/src/rules/added'
import type { ConfirmBody } from '../../../pwa/src/rules/bodies'
import { manifest, manifestDigest, supplementManifest } from '../../../pwa/src/rules/manifest'
import type { PartOf, VisitPackage } from '../../../pwa/src/rules/package'
import { confirming, mayConfirm, owedSigns, standing } from '../../../pwa/src/rules/signers'
import type { StateOf } from '../../../pwa/src/rules/state'
import type { Chance } from './chance'

type Drafts = readonly (Omit<Draft, 'base'>)[]

/** What a screen shows: the visit, its record, and whose part it is. */
export interface Screen {
  store: Store
  visit: VisitPackage
  logged: readonly LoggedOperation[]
  state: StateOf
  me: string
  mine: PartOf | null
  chance: Chance
}

/** Screens that were opened before, so that somebody can write over what he has not seen. */
const opened = new Map<string, Pick<Screen, 'visit' | 'logged' | 'state'>>()
export const closeScreens = (): void => opened.clear()

export async function screenOf(phone: string, store: Store, id: string, chance: Chance, stale: boolean): Promise<Screen | null> {
  const place = `${phone}/${store.account.id}/${id}`
  const before = stale ? opened.get(place) : undefined
  const me = store.account.inspector ?? ''
  if (before) return { store, me, chance, ...before, mine: partOf(before.visit, me) }
  const kept = await packageOf(store, id)
  if (!kept) return null
  const logged = await visitLog(store, id).read()
  const state = stateOf(logged)
  const visit = withAdded(kept, state)
  opened.set(place, { visit, logged, state })
  return { store, me, chance, visit, logged, state, mine: partOf(visit, me) }
}

const partOf = (visit: VisitPackage, me: string): PartOf | null => visit.parts.find((part) => part.team.some(({ id }) => id === me)) ?? null

type Act = (screen: Screen) => Drafts | null | Promise<Drafts | null>

const NOTES = ['二层东走廊摄像头无画面', '登记簿缺 3 天', '许可证挂在前台', '已当场说明', '𠮷利旅馆', '"引号"与\\反斜线']
const reasonOf = (chance: Chance): string => chance.pick(['看错了', '重新核对', '按退回意见改正', '当事人补充'])

/** A value of a register: as itself, or openly after the signature. */
function valued(screen: Screen, ...changes: Change[]): Drafts {
  const part = screen.mine!.department.id
  if (!isSigned(screen.state.parts[part]?.state)) return changes
  return changes.map((one) => amendment(one, screen.me, reasonOf(screen.chance)))
}

const own = (act: (screen: Screen & { mine: PartOf; part: string }) => Drafts | null | Promise<Drafts | null>): Act => (screen) =>
  screen.mine ? act({ ...screen, mine: screen.mine, part: screen.mine.department.id }) : null

function answersOf(screen: Screen, part: PartOf, count: number): Change[] {
  const entries = part.items.flatMap((item) => item.checklist.entries.map((entry) => ({ item: item.id, entry: entry.id })))
  const chosen = new Map(Array.from({ length: count }, () => screen.chance.pick(entries)).map((one) => [`${one.item}/${one.entry}`, one]))
  return [...chosen.values()].map(({ item, entry }) => change(part.department.id, 'answer.set', {
    item, entry, value: screen.chance.pick(['pass', 'fail', 'pass', null]), note: screen.chance.odds(0.3) ? screen.chance.pick(NOTES) : null, phrases: [],
  }))
}

/** Pictures are made by the driver (they must be real ones); each is its own by what stands behind the picture. */
async function fileOf(picture: Uint8Array, chance: Chance, large: boolean, type: string, signature = false): Promise<FileDraft & { size: number }> {
  const tail = Uint8Array.from({ length: large ? 600_000 : 16 }, (_, at) => (at < 16 ? chance.below(256) : at & 0xff))
  const bytes = new Uint8Array([...picture, ...tail]).buffer
  return { hash: await hashBytes(bytes), bytes, type, signature, size: bytes.byteLength }
}

let pictures: { jpeg: Uint8Array; png: Uint8Array } = { jpeg: new Uint8Array(), png: new Uint8Array() }
export const usePictures = (made: typeof pictures): void => void (pictures = made)

const addable = (screen: Screen & { part: string }) => Object.values(screen.state.parts[screen.part]?.record ?? {}).flatMap((shelf) => (Array.isArray(shelf) ? (shelf as { id: string }[]) : []))
const WITHDRAW: Record<string, 'note.withdraw' | 'photo.withdraw' | 'measure.withdraw'> = { 'note.add': 'note.withdraw', 'photo.add': 'photo.withdraw', 'measure.issue': 'measure.withdraw' }

export const ACTS: Record<string, Act> = {
  arrive: own(({ part }) => [change(part, 'visit.arrive', { position: { lat_e7: 355_800_000, lon_e7: 1_007_500_000 }, accuracy_m: 8 })]),
  answer: own((screen) => valued(screen, ...answersOf(screen, screen.mine, 1 + screen.chance.below(3)))),
  /** 其余全部合格: everything that is asked, at once. */
  rest: own((screen) => valued(screen, ...screen.mine.items.flatMap((item) => item.checklist.entries.map((entry) => change(screen.part, 'answer.set', { item: item.id, entry: entry.id, value: 'pass', note: null, phrases: [] }))))),
  finding: own((screen) => {
    const codes = screen.visit.profile.outcomes.codes.map(({ code }) => code)
    return valued(screen, change(screen.part, 'finding.set', { item: screen.chance.pick(screen.mine.items).id, outcomes: [screen.chance.pick(codes)], reason: null }))
  }),
  transcript: own((screen) => valued(screen, change(screen.part, 'transcript.set', { opening: screen.chance.pick(NOTES), credentials_answer: null, rights_answer: null, recusal: 'not_asked', recusal_reason: null, facts: screen.chance.pick(NOTES), coercive: null, statement: null }))),
  note: own(({ part, chance }) => [change(part, 'note.add', { item: null, entry: null, text: chance.pick(NOTES) })]),
  photo: own(async ({ part, chance, store, mine }) => {
    const file = await fileOf(pictures.jpeg, chance, chance.odds(0.04), 'image/jpeg')
    const item = chance.odds(0.5) ? chance.pick(mine.items).id : null
    return [{ ...change(part, 'photo.add', { hash: file.hash, size: file.size, taken_at: wallTime(store.now()), caption: null, item, entry: null, position: null, accuracy_m: null, width: 16, height: 16, mime: 'image/jpeg', reencoded_from: null }), files: [file] }]
  }),
  measure: own(({ part, chance, mine }) => [change(part, 'measure.issue', { item: chance.pick(mine.items).id, entry: null, kind: 'rectification_order', form: 'electronic', text: '修复摄像头。', due_day: '2026-11-20', number: null, facts: null, breached: null, applied: null, ground: null })]),
  withdraw: own((screen) => {
    const kinds = new Map(screen.logged.map(({ operation }) => [operation.id, operation.kind]))
    const there = addable(screen).filter(({ id }) => WITHDRAW[kinds.get(id) ?? ''])
    if (!there.length) return null
    const { id } = screen.chance.pick(there)
    return [change(screen.part, WITHDRAW[kinds.get(id)!]!, { target: id, reason: reasonOf(screen.chance) })]
  }),
  /** What was added after the signature is taken in. */
  take: own((screen) => {
    const late = screen.state.parts[screen.part]?.late ?? []
    return isSigned(screen.state.parts[screen.part]?.state) && late.length ? [takeIn(screen.part, [screen.chance.pick(late)], reasonOf(screen.chance))] : null
  }),
  ready: own(({ part, state }) => (['open', undefined].includes(state.parts[part]?.state) ? [change(part, 'part.ready', {})] : null)),
  reopen: own(({ part, state, chance }) => (state.parts[part]?.state === 'ready' ? [change(part, 'part.reopen', { reason: reasonOf(chance) })] : null)),
  submit: own(({ part, state }) => (['locked', 'returned'].includes(state.parts[part]?.state ?? '') ? [change(part, 'submit', { note: null, answers_to: state.parts[part]!.review.returned.map(({ id }) => id) })] : null)),
  settle: own((screen) => {
    const registers = [...(screen.state.parts[screen.part]?.conflicts ?? []), ...(screen.state.registers.lead?.conflict ? ['lead'] : [])].filter((name) => !name.startsWith('ready/'))
    if (!registers.length) return null
    const register = screen.chance.pick(registers)
    const part = register === 'lead' ? null : screen.part
    const value = screen.chance.pick(registerIn(screen.state, part, register)!.values).value
    return [{ part, kind: 'settle' as const, body: { register, value, reason: null } }]
  }),
  lead: (screen) => (screen.mine?.initiating || screen.chance.odds(0.1) ? [{ part: null, kind: 'lead.take', body: { reason: '组长的手机没电了' } }] : null),
  schedule: ({ chance }) => [{ part: null, kind: 'schedule.set', body: { day: `2026-11-${10 + chance.below(15)}`, time: chance.odds(0.5) ? '10:00' : null, reason: null } }],
  adopt: own((screen) => {
    const held = screen.state.held.filter((one) => one.part === screen.part || one.part === null)
    if (!held.length) return null
    const one = screen.chance.pick(held)
    return [{ part: one.part, kind: 'adopt' as const, body: { operation: one.id, reason: reasonOf(screen.chance) } }]
  }),
  /** Somebody writes where he may not: kept, shown, and it does not count. */
  foreign: (screen) => {
    const other = screen.visit.parts.filter((part) => part !== screen.mine)
    if (!other.length) return null
    const part = screen.chance.pick(other)
    const act = screen.chance.below(4)
    const { id } = part.department
    if (act === 0) return [change(id, 'note.add', { item: null, entry: null, text: '写到别的部门去了' })]
    if (act === 1) return [change(id, 'part.ready', {})]
    const held = screen.state.held.filter((one) => one.part === id)
    if (act === 2 && held.length) return [{ part: id, kind: 'adopt' as const, body: { operation: screen.chance.pick(held).id, reason: '越权采纳' } }]
    return answersOf(screen, part, 1)
  },
  confirm: async (screen) => {
    const wanted = confirming(screen.visit, screen.state)
    if (!wanted || (!mayConfirm(screen.visit, screen.state, screen.me, wanted.parts) && !screen.chance.odds(0.1))) return null
    const at = wallTime(screen.store.now())
    const made = wanted.kind === 'confirm' ? manifest(screen.visit, screen.state, at) : supplementManifest(screen.visit, screen.state, at)
    const refused = screen.chance.odds(0.15)
    const drawn = refused ? null : await fileOf(pictures.png, screen.chance, false, 'image/png', true)
    const body: ConfirmBody = {
      digest: await manifestDigest(made), manifest: made, objection: screen.chance.odds(0.2) ? '不认可第二条' : null,
      marks: { signature: drawn && { strokes: [[[1, 2, 0], [3, 4, 20]]], png_hash: drawn.hash }, stamp: null, no_stamp_reason: '公章不在现场' },
      signer: { name: '示例王某', role: 'person_in_charge' }, refusal: refused ? { reason: 'disagrees', text: null } : null, witness: null, place: null, at,
    }
    return [{ part: null, kind: wanted.kind, body, files: drawn ? [drawn] : [] }]
  },
  sign: own(async (screen) => {
    const owed = owedSigns(screen.visit, screen.state).filter((one) => one.part === screen.part)
    const one = owed.find(({ inspector }) => inspector.id === screen.me) ?? owed[0]
    if (!one) return null
    const drawn = await fileOf(pictures.png, screen.chance, false, 'image/png', true)
    return [{ part: screen.part, kind: 'sign' as const, body: { inspector: one.inspector.id, digest: one.digest, strokes: [[[1, 2, 0]]], png_hash: drawn.hash }, files: [drawn] }]
  }),
}
export const confirmed = (state: StateOf): boolean => standing(state).length > 0

/** Writes an act through the one writer, each draft naming what its screen showed. */
export async function act(name: string, screen: Screen): Promise<LoggedOperation[] | null> {
  const drafts = await ACTS[name]!(screen)
  if (!drafts?.length) return null
  const { store, state, me, visit } = screen
  return await recordAll(store, visit.id, drafts.map((draft) => ({ ...draft, base: baseOf(state, draft, me) })))
}
