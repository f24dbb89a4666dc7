// Is a draw what its bundle says? The same checks as backend/onevisit/draws/verify.py, in any browser.
import { canonical } from './canonical'
import { hashOf, keyOf, leafOf, type Lot, lotOf, rootOf, rootsByClass, visitOrder } from './lot'
import type { Bundle, Frozen, InspectorEntry, SubjectEntry } from './lot.bundle'
import { barredFrom, type MatchVisit, poolsOf, teamsOf, visitsInFull, visitsShort } from './lot.match'
import { CLASSES, quotas, refuseImpossible, roundingOf } from './lot.quota'
import { misfit } from './lot.shape'
import { refuseBadReveal, refuseWeakReveals, refuseWeakSources, type Source } from './lot.sources'
import { Refused } from './refused'
import { utf8 } from './sha256'

/** One thing looked at. Its Chinese label is terms' CheckCode label; `warning`: could not be compared in full. */
export interface Check { code: string; ok: boolean; warning: boolean; compared: number; detail: string }
export interface Verification { ok: boolean; checks: Check[] }
export type CheckSignature = (kid: string, message: Uint8Array<ArrayBuffer>, sig: string) => Promise<boolean>
/** `follow` hears of each check before it is made: `at` of `of` are done. */
export interface VerifyOptions { publicKey?: CheckSignature; earlier?: Bundle[]; follow?: (code: string, at: number, of: number) => void }

class Mismatch extends Error {}
class Unchecked extends Error {}

const KNOWN = {
  exclusion: ['joint_cap', 'closed', 'drawn_earlier', 'mutual_recognition', 'not_attested', 'exempt'],
  event: ['voided', 'appointed', 'replaced', 'waived'],
  ineligibility: ['other_department', 'not_active', 'no_certificate', 'certificate_expired', 'recused', 'already_on_visit'],
}

/** Every check that the bundle's content allows, in order; never throws, whatever it is given. */
export async function verify(bundle: Bundle, options: VerifyOptions = {}): Promise<Verification> {
  const checks: Check[] = []
  const test = new Case(bundle, options.earlier ?? [])
  const looks = LOOKS.filter(([code]) => !OPTIONAL.has(code) || (isObject(bundle) && code in bundle))
  for (const [at, [code, look]] of looks.entries()) {
    options.follow?.(code, at, looks.length + 1)
    checks.push(await lookedAt(code, () => look(test)))
  }
  options.follow?.('signature', looks.length, looks.length + 1)
  checks.push(await lookedAt('signature', () => signature(bundle, options.publicKey)))
  return { ok: checks.every((check) => check.ok), checks }
}

/** A signature check against published keys: kid -> SubjectPublicKeyInfo in PEM. */
export function signatureChecker(publicPems: Record<string, string>): CheckSignature {
  return async (kid, message, sig) => {
    const pem = publicPems[kid]
    if (pem === undefined) return false
    const spki = bytesOf(pem.replace(/-----[^-]+-----|\s/g, ''))
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
    const key = await crypto.subtle.importKey('spki', spki, algorithm, false, ['verify'])
    const raw = bytesOf(sig.replaceAll('-', '+').replaceAll('_', '/'))
    return crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, raw, message)
  }
}

/** A bundle under check. What one check recomputes from, the others take as stated: each fault is named where it is. */
class Case {
  private computed?: Lot
  private matched?: ReturnType<typeof teamsOf>

  constructor(readonly bundle: Bundle, readonly given: Bundle[]) {}
  get commit() { return this.bundle.commit }
  get voided() { return this.bundle.status === 'voided' }
  get leaves() { return this.bundle.leaves.map((one) => one.leaf) }
  get risks() { return this.bundle.leaves.map((one) => one.risk) }
  get strata() { return this.commit.pool.strata }

  lot(): Lot {
    const quota = Object.fromEntries(this.strata.map((stratum) => [stratum.risk, stratum.quota]))
    return (this.computed ??= lotOf(this.leaves, this.risks, quota, this.bundle.key!))
  }

  matching(): ReturnType<typeof teamsOf> {
    if (this.matched) return this.matched
    const { visits, complete } = visitsToMatch(this)
    const { inspectors: frozen, pools: stated, key: drawKey } = this.bundle
    return (this.matched = teamsOf(complete ? visits : withStatedRecusals(this, visits), frozen!, stated!, drawKey!))
  }
}

type Look = (test: Case) => number

const form: Look = ({ bundle, voided }) => {
  const where = misfit(bundle)
  if (where !== undefined) throw new Mismatch(`${where} 缺少、多余或写法不对。`)
  const together = (['inspectors', 'pools', 'ineligible', 'teams'] as const).map((name) => name in bundle)
  if (bundle.commit.inspectors.count && !voided && together.some(Boolean) && !together.every(Boolean)) {
    throw new Mismatch('执法人员名单、可匹配人员、不可匹配记录和检查小组应当齐全。')
  }
  return 1
}

const commitHash: Look = ({ commit, bundle }) => {
  same('承诺值', hashOf(commit), bundle.commit_hash)
  return 1
}

const sources: Look = ({ commit, bundle, voided }) => {
  refuseWeakSources(commit.sources)
  if (!voided) {
    refuseWeakReveals(commit.sources, bundle.sources)
    return commit.sources.length
  }
  const revealed = bundle.sources.map((reveal) => reveal.id)
  same('来源', commit.sources.map((source) => source.id).filter((id) => revealed.includes(id)), revealed)
  return revealed.length
}

const reveals: Look = ({ commit, bundle }) => {
  const of = new Map<string, Source>(commit.sources.map((source) => [source.id, source]))
  for (const reveal of bundle.sources) {
    const source = of.get(reveal.id)
    if (!source) throw new Mismatch(`${reveal.id}不在承诺的随机来源中。`)
    refuseBadReveal(commit.draw, source, reveal.value)
  }
  return bundle.sources.length
}

const key: Look = ({ bundle, voided }) => {
  same('密钥', voided ? null : keyOf(bundle.commit_hash, bundle.sources), bundle.key)
  return 1
}

const counts: Look = ({ commit, leaves, risks, strata }) => {
  if (leaves.some((leaf, at) => at > 0 && leaves[at - 1]! >= leaf)) throw new Mismatch('名单没有按叶值排列，或有重复。')
  same('名单总数', commit.pool.count, leaves.length)
  const counted = tally(risks)
  same('各类数量', CLASSES.filter((risk) => counted[risk]).map((risk) => [risk, counted[risk]]), strata.map(({ risk, count }) => [risk, count]))
  if (!leaves.length && !('subjects_draw' in commit)) throw new Mismatch('没有可抽取的检查对象。')
  if (leaves.length && 'subjects_draw' in commit) throw new Mismatch('单独抽取执法人员时不应有检查对象。')
  const { reasons } = commit.excluded
  same('排除总数', commit.excluded.count, reasons.reduce((sum, one) => sum + one.count, 0))
  known('排除原因', reasons.map((one) => one.reason), KNOWN.exclusion)
  return leaves.length
}

const classRoots: Look = ({ leaves, risks, strata }) => {
  const found = rootsByClass(leaves, risks)
  for (const { risk, root } of strata) same(`${risk}类名单根`, found[risk] ?? null, root)
  same('分类', Object.keys(found), strata.map((stratum) => stratum.risk))
  return strata.length
}

const poolRoot: Look = ({ leaves, commit }) => {
  same('总名单根', rootOf(leaves), commit.pool.root)
  return 1
}

const quotaLook: Look = ({ commit, strata }) => {
  refuseImpossible(commit.rules)
  same('取整方式', roundingOf(commit.rules), commit.rules.rounding)
  const expected = quotas(commit.rules, Object.fromEntries(strata.map(({ risk, count }) => [risk, count])))
  for (const { risk, quota } of strata) same(`${risk}类抽取数`, expected[risk] ?? null, quota)
  return strata.length
}

const tickets: Look = (test) => {
  const expected = test.voided ? null : test.lot().tickets
  test.bundle.leaves.forEach(({ leaf, ticket }, at) => {
    if (ticket !== (expected ? expected[at] : null)) throw new Mismatch(`第${at + 1}个名单叶 ${leaf.slice(0, 12)}… 的抽取号不对。`)
  })
  return test.leaves.length
}

const selection: Look = (test) => {
  const expected = test.voided ? [] : test.lot().selected
  const stated = test.bundle.selected
  expected.slice(0, stated.length).forEach((leaf, at) => {
    if (leaf !== stated[at]) throw new Mismatch(`应抽中 ${leaf.slice(0, 12)}…，文件写的是 ${stated[at]!.slice(0, 12)}…。`)
  })
  same('抽中数', expected.length, stated.length)
  return expected.length
}

const thresholds: Look = (test) => {
  const expected = test.voided ? {} : test.lot().thresholds
  same('抽中线', expected, test.bundle.thresholds)
  return Object.keys(expected).length
}

const events: Look = ({ bundle, voided }) => {
  known('事件', bundle.events.map((event) => event.kind), KNOWN.event)
  if (bundle.events.some((event) => !event.reason.trim() || !event.by.length)) throw new Mismatch('后续事件缺少理由或批准人。')
  const voidings = bundle.events.filter((event) => event.kind === 'voided')
  if (voided && !voidings.some((event) => new Set(event.by).size > 1)) throw new Mismatch('已作废，但没有两人确认的作废记录。')
  if (voidings.length && !voided) throw new Mismatch('有作废记录，但状态不是已作废。')
  return bundle.events.length
}

const entries: Look = ({ bundle, commit }) => {
  const stated = bundle.entries!
  eachOnce(stated.map((one) => one.entry.id))
  stated.slice(0, bundle.leaves.length).forEach((one, at) => {
    sameLeaf(one)
    same('名单叶', bundle.leaves[at]!.leaf, one.leaf)
    if (one.entry.risk !== bundle.leaves[at]!.risk) throw new Mismatch(`${one.entry.name}的类别与公开名单不一致。`)
  })
  same('条目数', commit.pool.count, stated.length)
  return stated.length
}

const excluded: Look = ({ bundle, commit }) => {
  const stated = bundle.excluded!
  stated.forEach(sameLeaf)
  same('排除总数', commit.excluded.count, stated.length)
  same('排除名单根', commit.excluded.root, rootOf(stated.map((one) => one.leaf)))
  same('排除原因', Object.fromEntries(commit.excluded.reasons.map((one) => [one.reason, one.count])), tally(stated.map((one) => one.reason)))
  eachOnce([...stated, ...(bundle.entries ?? [])].map((one) => one.entry.id))
  return stated.length
}

const inspectors: Look = ({ bundle, commit }) => {
  const stated = bundle.inspectors!
  for (const one of stated) {
    sameLeaf(one)
    for (const list of [one.entry.specialities, one.entry.recusals]) same('执法人员条目的排列', [...list].sort(byCodePoint), list)
  }
  eachOnce(stated.map((one) => one.entry.id))
  same('执法人员总数', commit.inspectors.count, stated.length)
  same('执法人员名单根', commit.inspectors.root, rootOf(stated.map((one) => one.leaf)))
  return stated.length
}

/** Pools hold exactly the able ones; see the twin for how certificates are judged without the window's end. */
const pools: Look = ({ bundle, commit, voided }) => {
  const entryOf = new Map(bundle.inspectors!.map((one) => [one.leaf, one.entry]))
  const stated = bundle.pools!
  const { departments } = commit.match
  if (!voided) same('部门', [...departments].sort(), Object.keys(stated).sort())
  const forAll = bundle.ineligible!.filter((one) => one.visit === null)
  const out = new Map(forAll.map((one) => [one.inspector, one.reason]))
  same('未入池人员', out.size, forAll.length)
  known('不可匹配原因', [...out.values()], KNOWN.ineligibility)
  const homeOf = (leaf: string) => present(entryOf.get(leaf)).department
  const able = [...entryOf.keys()].filter((leaf) => !out.has(leaf)).sort()
  for (const [department, leaves] of Object.entries(stated)) {
    const homes = new Set([department, ...leaves.map(homeOf)])
    if (departments.some((one) => homes.has(one) !== (one === department))) throw new Mismatch(`${department}的可匹配人员里有其他参与部门的人。`)
    same(`${department}的可匹配人员`, able.filter((leaf) => homes.has(homeOf(leaf))), leaves)
  }
  const pooled = new Set(Object.values(stated).flat())
  const unused = able.filter((leaf) => !pooled.has(leaf)).length
  if (unused) throw new Mismatch(`有${unused}名执法人员既未入池也没有说明原因。`)
  const until = commit.match.valid_through
  if (until !== undefined && !voided) {
    const expected = poolsOf(bundle.inspectors!, commit.match, until)
    for (const [department, leaves] of Object.entries(expected.pools)) same(`${department}的可匹配人员`, leaves, stated[department])
    same('未入池的人员和原因', Object.fromEntries(expected.out), Object.fromEntries(out))
  }
  toldApart(entryOf, out, [...pooled])
  const homesUsed = new Set([...Object.keys(stated), ...[...pooled].map(homeOf)])
  for (const [leaf, reason] of out) {
    if ((reason === 'other_department') === homesUsed.has(homeOf(leaf))) throw new Mismatch(`执法人员 ${leaf.slice(0, 12)}… 未入池的原因与其部门不符。`)
  }
  return entryOf.size
}

function toldApart(entryOf: Map<string, InspectorEntry>, out: Map<string, string>, pooled: string[]): void {
  const kept = pooled.map((leaf) => entryOf.get(leaf)!)
  if (kept.some((one) => one.state !== 'active' || !one.certificate)) throw new Mismatch('可匹配人员里有不在岗或没有执法证件的人。')
  const firstKept = kept.map((one) => one.valid_to).sort()[0]
  for (const [leaf, reason] of out) {
    const one = present(entryOf.get(leaf))
    const isTrue: Record<string, boolean> = {
      not_active: one.state !== 'active',
      no_certificate: !one.certificate,
      certificate_expired: firstKept === undefined || one.valid_to < firstKept,
      other_department: true, // held against the pools' departments by the caller
    }
    if (!isTrue[reason]) throw new Mismatch(`执法人员 ${leaf.slice(0, 12)}… 未入池的原因与其条目不符。`)
  }
}

const ineligible: Look = (test) => {
  if (test.voided) return 0
  const { visits, complete } = visitsToMatch(test)
  if (!complete) throw new Unchecked('缺少检查对象抽取的完整文件，回避情况按本文件所写。')
  const stated = test.bundle.ineligible!.filter((one) => one.visit !== null)
  same('逐次不可匹配记录', barredFrom(visits, test.bundle.inspectors!, test.bundle.pools!), stated)
  return stated.length
}

const teams: Look = (test) => {
  const stated = test.bundle.teams!
  if (test.voided) {
    same('检查小组', [], stated)
    return 0
  }
  const expected = test.matching().teams
  expected.slice(0, stated.length).forEach((team, at) => {
    if (canonical(team) !== canonical(stated[at])) throw new Mismatch(`检查 ${team.visit.slice(0, 12)}… ${team.department} 的小组与重算结果不一致。`)
  })
  same('小组数', expected.length, stated.length)
  if ('subjects_draw' in test.commit && !test.given.length) throw new Unchecked('缺少检查对象抽取的文件，上门次序按本文件所写。')
  return expected.length
}

const shortfalls: Look = (test) => {
  const { bundle, commit, voided } = test
  const stated = bundle.shortfalls
  if ('teams' in bundle && !voided) {
    same('人员缺额', test.matching().shortfalls, stated)
    return stated.length
  }
  if (stated.length && (voided || !commit.inspectors.count)) throw new Mismatch('本次没有匹配执法人员，不应有缺额。')
  for (const { visit, department, missing } of stated) {
    if (!commit.match.departments.includes(department) || missing < 1 || missing > commit.match.k) throw new Mismatch(`检查 ${visit.slice(0, 12)}… 的缺额与匹配规则不符。`)
    if (!('subjects_draw' in commit) && !bundle.selected.includes(visit)) throw new Mismatch(`缺额所指的检查 ${visit.slice(0, 12)}… 没有抽中。`)
  }
  return stated.length
}

async function signature(bundle: Bundle, publicKey?: CheckSignature): Promise<number> {
  const { signature: stated, ...unsigned } = bundle
  if (stated === undefined || stated === null) throw new Unchecked('文件没有平台签名：内容可以重算，但不能证明由谁发布。')
  if (!publicKey) throw new Unchecked('没有提供平台公钥，签名未核对。')
  if (!(await publicKey(stated.kid, utf8(canonical(unsigned)), stated.sig))) {
    throw new Mismatch('平台签名与内容不符，内容在签名后被改动过，或签名不是平台所作。')
  }
  return 1
}

/** Where the subjects are not known: who was kept away is taken from the bundle. */
function withStatedRecusals({ bundle }: Case, visits: MatchVisit[]): MatchVisit[] {
  const idOf = new Map(bundle.inspectors!.map((one) => [one.leaf, one.entry.id]))
  const away = new Map<string, Set<string>>()
  for (const { visit, inspector } of bundle.ineligible!) {
    if (visit !== null) away.set(visit, (away.get(visit) ?? new Set()).add(present(idOf.get(inspector))))
  }
  return visits.map((visit) => ({ ...visit, subject: null, already: away.get(visit.leaf) ?? new Set() }))
}

/** The visits to be matched, in order, and whether their subjects and earlier teams are known. */
function visitsToMatch(test: Case): { visits: MatchVisit[]; complete: boolean } {
  const { bundle, commit } = test
  if (!('subjects_draw' in commit)) {
    const subjects = subjectsOf(bundle)
    const order = visitOrder(test.lot().drawn)
    return { visits: visitsInFull(order, subjects, commit.match), complete: order.every((leaf) => subjects.has(leaf)) }
  }
  const before = chain(test)
  const last = before[0]
  const first = before[before.length - 1]
  if (!last || !first) return { visits: asStated(bundle), complete: false }
  const subjects = subjectsOf(first)
  const rooted = !('subjects_draw' in first.commit) && first.selected.every((leaf) => subjects.has(leaf))
  if (!last.commit.inspectors.count) {
    const chosen = new Set(visitedHere(test, last))
    const drawn = last.leaves.filter((one) => chosen.has(one.leaf)).map((one) => ({ ...one, ticket: one.ticket! }))
    return { visits: visitsInFull(visitOrder(drawn), subjects, commit.match), complete: rooted }
  }
  const known = rooted && before.every((one) => 'teams' in one || !one.commit.inspectors.count)
  return { visits: visitsShort(last.shortfalls, subjects, onVisitBefore(before), commit.match), complete: known }
}

/** All that was drawn; of a list that another region drew the part that lies here, as its teams say (市抽县查). */
function visitedHere({ bundle, commit }: Case, last: Bundle): string[] {
  if (last.commit.region === commit.region) return last.selected
  const drawn = new Set(last.selected)
  const here = bundle.teams!.map((team) => team.visit)
  if (!here.every((leaf) => drawn.has(leaf))) throw new Mismatch('检查小组所去的对象，有的不在上级抽中的名单里。')
  return here
}

/** The draws this one refers to, the nearest first. */
function chain({ commit, given }: Case): Bundle[] {
  const earlier = new Map(given.map((one) => [hashOf(one.commit), one]))
  const found: Bundle[] = []
  let refers = commit.subjects_draw
  while (refers !== undefined && found.length < earlier.size) {
    const one = earlier.get(refers)
    if (!one) break
    if (one.status !== 'drawn') throw new Mismatch('所依据的检查对象抽取已作废。')
    found.push(one)
    refers = one.commit.subjects_draw
  }
  if (earlier.size && !found.length) throw new Mismatch('给出的文件不是本次所依据的检查对象抽取。')
  return found
}

/** Without the subjects' draw: visits as ordered in the bundle, if all their parts are matched in full. */
function asStated({ teams: stated, shortfalls: short, commit }: Bundle): MatchVisit[] {
  const missing = new Map(short.map((one) => [`${one.visit}|${one.department}`, one.missing]))
  for (const team of stated!) {
    if (team.inspectors.length + (missing.get(`${team.visit}|${team.department}`) ?? 0) !== commit.match.k) {
      throw new Unchecked('缺少检查对象抽取的文件，不知道每次检查缺几人，小组未重算。')
    }
  }
  return visitsInFull([...new Set(stated!.map((team) => team.visit))], new Map(), commit.match)
}

/** Visit -> ids of the inspectors that earlier draws put on it. */
function onVisitBefore(before: Bundle[]): Map<string, Set<string>> {
  const on = new Map<string, Set<string>>()
  for (const { inspectors: frozen = [], teams: matchedTeams = [] } of before) {
    const idOf = new Map(frozen.map((one) => [one.leaf, one.entry.id]))
    for (const { visit, inspectors: chosen } of matchedTeams) {
      on.set(visit, new Set([...(on.get(visit) ?? []), ...chosen.map((leaf) => present(idOf.get(leaf)))]))
    }
  }
  return on
}

const LOOKS: [string, Look][] = [
  ['form', form], ['commit_hash', commitHash], ['sources', sources], ['reveals', reveals], ['key', key],
  ['counts', counts], ['class_roots', classRoots], ['pool_root', poolRoot], ['quotas', quotaLook],
  ['tickets', tickets], ['selection', selection], ['thresholds', thresholds], ['events', events],
  ['entries', entries], ['excluded', excluded], ['inspectors', inspectors], ['pools', pools],
  ['ineligible', ineligible], ['teams', teams], ['shortfalls', shortfalls],
]
const OPTIONAL = new Set(['entries', 'excluded', 'inspectors', 'pools', 'ineligible', 'teams'])

async function lookedAt(code: string, look: () => number | Promise<number>): Promise<Check> {
  try {
    return { code, ok: true, warning: false, compared: await look(), detail: '' }
  } catch (found) {
    if (found instanceof Unchecked) return { code, ok: true, warning: true, compared: 0, detail: found.message }
    const detail = found instanceof Refused ? found.detail : found instanceof Mismatch ? found.message : `缺少内容或读不懂：${String(found)}`
    return { code, ok: false, warning: false, compared: 0, detail }
  }
}

function same(what: string, ours: unknown, theirs: unknown): void {
  const [mine, yours] = [canonical(ours), canonical(theirs)]
  if (mine !== yours) throw new Mismatch(`${what}不一致：重算为 ${short(mine)}，文件写的是 ${short(yours)}。`)
}

function sameLeaf(stated: Frozen<SubjectEntry | InspectorEntry>): void {
  if (leafOf(stated.salt, stated.entry) !== stated.leaf) throw new Mismatch(`条目 ${stated.entry.id} 与叶值 ${stated.leaf.slice(0, 12)}… 不符。`)
}

function eachOnce(ids: string[]): void {
  const twice = Object.entries(tally(ids)).find(([, number]) => number > 1)
  if (twice) throw new Mismatch(`${twice[0]}在名单中重复。`)
}

function known(what: string, codes: string[], all: string[]): void {
  const unknown = codes.find((code) => !all.includes(code))
  if (unknown !== undefined) throw new Mismatch(`没有“${unknown}”这种${what}。`)
}

function tally(things: string[]): Record<string, number> {
  const counted: Record<string, number> = Object.create(null) as Record<string, number>
  for (const thing of things) counted[thing] = (counted[thing] ?? 0) + 1
  return counted
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Mismatch('提到了不在执法人员名单中的人。')
  return value
}

// Python sorts text by code point, JavaScript by UTF-16 unit: they differ beyond the BMP.
function byCodePoint(a: string, b: string): number {
  const [left, right] = [[...a], [...b]]
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    const difference = left[at]!.codePointAt(0)! - right[at]!.codePointAt(0)!
    if (difference) return difference
  }
  return left.length - right.length
}

const subjectsOf = (bundle: Bundle) => new Map((bundle.entries ?? []).map((one) => [one.leaf, one.entry.id]))
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
const short = (text: string) => (text.length <= 80 ? text : `${text.slice(0, 77)}…`)
const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
