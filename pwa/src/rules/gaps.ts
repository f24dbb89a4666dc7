/**
 * What is missing before a part is ready, and before the subject may sign? The twin of visits/gaps.py.
 * Each gap has a stable code and a Chinese sentence that says what to do.
 */

import { onlyAdded, withAdded } from './added'
import { answerFits, answerValue, askedOf, judged as judgedBy, proposeOutcome, type Answers } from './answers'
import type { ConfirmBody, FindingValue } from './bodies'
import type { ChecklistEntry, ItemOf, PartOf, VisitPackage } from './package'
import type { PartStateCode, RecordOf, StateOf } from './state'

/** The sentences, the same as on the server. */
export const SENTENCES = {
  'part.not_arrived': '还没有记录到达，请先点“到达”。',
  'visits.on_site_required': '按规定必须到现场检查，不能只做网络或书面检查。请到现场后记录到达。',
  'part.conflict': '两部手机填的不一样，请选定一个。',
  'part.empty': '这个部门没有检查事项。',
  'entry.unanswered': '这一条还没有作答。',
  'entry.wrong_kind': '答案的形式不对，请重新填写。',
  'entry.not_checked_without_note': '未检查的，请写明原因。',
  'entry.failure_unexplained': '不合格的，请写明发现了什么，或拍照。',
  'entry.photo_missing': '这一条须拍照。',
  'finding.missing': '还没有选定检查结果。',
  'finding.unknown_outcome': '本地区没有这种检查结果，请重选。',
  'finding.contradictory': '“未发现问题”“合格”不能与其他结果同时选。',
  'finding.reason_missing': '检查结果与作答不一致，请写明理由。',
  'finding.measure_missing': '结果是“发现问题已责令改正”，请开出责令改正通知书。',
  'finding.photo_missing': '请拍门头照片 1 张。',
  'finding.account_missing': '请写明经过。',
  'finding.evidence_missing': '请附照片或录音。',
  'finding.proof_missing': '请附照片或查阅的材料（登记查询结果、注销证明、现场照片）。',
  'confirm.signature_missing': '请当事人签字。',
  'confirm.stamp_missing': '请盖章并拍下印章；没有带章的，请写明。',
  'confirm.mark_missing': '请当事人签字或盖章。',
  'confirm.signer_missing': '请写明签字人姓名和身份。',
  'confirm.refusal_text_missing': '请写明拒绝签字的理由。',
  'sign.too_few': '签字的执法人员不够，请补签。',
} as const

export type GapCode = keyof typeof SENTENCES
export interface Gap { code: GapCode; part: string | null; item: string | null; entry: string | null; detail: string }

const SHORT_PATHS = ['not_found_at_address', 'seriously_uncooperative']
const GONE = ['deregistered', 'revoked', 'annulled', 'moved_out', 'suspended', 'closed']
const CLEAN = ['no_problem', 'conforming']

type Item = Pick<ItemOf, 'id'> & { checklist: { entries: ChecklistEntry[] } }
type Placed = { item: string | null; entry: string | null }

/** What is missing before `part.ready`, for one part or for all, in the order of the screen. */
export const gaps = (state: StateOf, visit: VisitPackage, part: string | null = null): Gap[] =>
  withAdded(visit, state).parts.filter((planned) => part === null || planned.department.id === part).flatMap((planned) => partGaps(state, visit, planned))

/** What a confirmation lacks by the region's profile: marks, signer, or the reason of a refusal. */
export function confirmationGaps(visit: VisitPackage, body: Pick<ConfirmBody, 'marks' | 'signer' | 'refusal'>): Gap[] {
  if (body.refusal !== null) {
    return body.refusal.reason === 'other' && body.refusal.text === null ? [gap('confirm.refusal_text_missing')] : []
  }
  const { required, combination } = visit.profile.subject_mark
  const signed = body.marks.signature !== null
  const stamped = body.marks.stamp !== null
  const found: Gap[] = []
  if (combination === 'all') {
    if (required.includes('signature') && !signed) found.push(gap('confirm.signature_missing'))
    // No stamp at hand is a stated reason, not a refusal (process.md 5).
    if (required.includes('stamp') && !stamped && body.marks.no_stamp_reason === null) found.push(gap('confirm.stamp_missing'))
  } else if (!signed && !stamped) found.push(gap('confirm.mark_missing'))
  if (body.signer === null) found.push(gap('confirm.signer_missing'))
  return found
}

/** Which confirmed parts have too few inspectors' signatures (two of each department, S0, S2). */
export function signingGaps(state: StateOf, visit: VisitPackage, confirmation: string): Gap[] {
  const found = state.confirmations.find((entry) => entry.id === confirmation)
  if (!found) return []
  return visit.parts
    .filter((part) => found.parts.includes(part.department.id))
    .filter((part) => {
      const team = new Set(part.team.map((member) => member.id))
      const signed = new Set(found.signs.filter((sign) => sign.part === part.department.id).map((sign) => sign.inspector))
      return [...signed].filter((id) => team.has(id)).length < Math.min(signaturesNeeded(state, visit, part.department.id), team.size)
    })
    .map((part) => gap('sign.too_few', part.department.id))
}

/** How many inspectors sign for a part: as the profile says, and two where nobody went there (S0). */
export function signaturesNeeded(state: StateOf, { profile }: VisitPackage, part: string): number {
  const least = profile.inspectors_mark.min_per_department
  return offSite(state.parts[part]?.record) ? Math.max(least, profile.check_on_site.signers ?? 2) : least
}

/** Whether a part was checked online or by documents, without going there. */
export const offSite = (record: Pick<RecordOf, 'method'> | undefined): boolean => (record?.method?.method ?? 'on_site') !== 'on_site'

export interface ItemProgress { item: string; entries: number; answered: number; failed: number; outcomes: string[] }
export interface PartProgress {
  part: string
  state: PartStateCode
  entries: number
  answered: number
  failed: number
  photos: number
  measures: number
  items: ItemProgress[]
}

/** n of m per part and item; computed, never sent. */
export const progress = (state: StateOf, visit: VisitPackage): PartProgress[] =>
  withAdded(visit, state).parts.map((planned) => {
    const there = state.parts[planned.department.id]
    const items = planned.items.map((item) => itemProgress(item, there?.record))
    return {
      part: planned.department.id,
      state: there?.state ?? 'open',
      entries: sum(items.map((item) => item.entries)),
      answered: sum(items.map((item) => item.answered)),
      failed: sum(items.map((item) => item.failed)),
      photos: there?.record.photos.length ?? 0,
      measures: there?.record.measures.length ?? 0,
      items,
    }
  })

/** The outcome that the answers of an item propose now. */
export function proposed(state: StateOf, item: Item, part: string): string[] {
  const record = state.parts[part]?.record
  const measures = (record?.measures ?? []).filter((measure) => measure.item === item.id)
  return proposeOutcome(item.checklist.entries, answersOf(record, item.id), measures)
}

function partGaps(state: StateOf, visit: VisitPackage, planned: PartOf): Gap[] {
  const part = planned.department.id
  const there = state.parts[part]
  const found: Gap[] = []
  const arrived = Object.keys(state.registers).some((name) => name.startsWith(`arrive/${part}/`))
  if (!offSite(there?.record)) {
    if (!arrived) found.push(gap('part.not_arrived', part))
  } else if (visit.profile.check_on_site.required) found.push(gap('visits.on_site_required', part))
  for (const register of there?.conflicts ?? []) found.push(gap('part.conflict', part, ...place(register)))
  const added = onlyAdded(planned, there?.record)
  if (planned.items.length === 0 && added.length === 0) found.push(gap('part.empty', part))
  const items: Item[] = [...planned.items, ...added.map((id) => ({ id, checklist: { entries: [] } }))]
  return [...found, ...items.flatMap((item) => itemGaps(state, visit, item, part))]
}

function itemGaps(state: StateOf, visit: VisitPackage, item: Item, part: string): Gap[] {
  const there = state.parts[part]
  const finding = there?.record.findings[item.id]
  const outcomes = finding?.outcomes ?? []
  const found: Gap[] = []
  // S2 art. 21: where nobody is found or the check is obstructed, evidence stands instead of the checklist.
  if (!isShort(state, item, part, finding)) {
    const answers = answersOf(there?.record, item.id)
    for (const entry of askedOf(item.checklist.entries, answers)) {
      if (there?.conflicts.includes(`answer/${item.id}/${entry.id}`)) continue
      const code = entryGap(entry, there?.record, item.id)
      if (code !== null) found.push(gap(code, part, item.id, entry.id))
    }
  }
  if (there?.conflicts.includes(`finding/${item.id}`)) return found
  const codes: GapCode[] = finding && outcomes.length > 0 ? findingGaps(state, visit, item, part, finding) : ['finding.missing']
  return [...found, ...codes.map((code) => gap(code, part, item.id))]
}

/** The first thing missing at an entry: one sentence at a time is read, a list is not. */
function entryGap(entry: ChecklistEntry, record: RecordOf | undefined, item: string): GapCode | null {
  const answer = record?.answers[item]?.[entry.id]
  const value = answer?.value ?? null
  if (!record || !answer || value === null) return entry.required ? 'entry.unanswered' : null
  if (!answerFits(entry, value)) return 'entry.wrong_kind'
  const photos = isAt(record.photos, item, entry.id)
  const explained = answer.note !== null || answer.phrases.length > 0 || isAt(record.notes, item, entry.id)
  const judged = judgedBy(entry, value)
  if (judged === 'not_checked') return explained ? null : 'entry.not_checked_without_note'
  if (judged === 'fail' && !explained && !photos) return 'entry.failure_unexplained'
  const asked = entry.evidence === 'photo' && judged !== 'not_applicable'
  return !photos && (asked || (judged === 'fail' && entry.evidence === 'photo_on_fail')) ? 'entry.photo_missing' : null
}

function findingGaps(state: StateOf, visit: VisitPackage, item: Item, part: string, finding: FindingValue): GapCode[] {
  const record = state.parts[part]!.record
  const outcomes = [...new Set(finding.outcomes)]
  const known = visit.profile.outcomes.codes.map(({ code }) => code)
  const short = isShort(state, item, part, finding)
  const wished = proposed(state, item, part)
  const same = wished.length === outcomes.length && wished.every((code) => outcomes.includes(code))
  const ordered = ofItem(record.measures, item.id).some((measure) => measure.kind === 'rectification_order')
  const found: GapCode[] = []
  if (outcomes.some((code) => !known.includes(code))) found.push('finding.unknown_outcome')
  if (outcomes.length > 1 && outcomes.some((code) => CLEAN.includes(code))) found.push('finding.contradictory')
  if (wished.length > 0 && !same && !short && finding.reason === null) found.push('finding.reason_missing')
  if (outcomes.includes('rectification_ordered') && !ordered) found.push('finding.measure_missing')
  return short ? [...found, ...shortPathGaps(record, item.id, outcomes, finding)] : found
}

/**
 * Whether the result stands without the checklist: not found, obstructed, gone, or nothing of it is done there.
 * The last one also follows from answers that are all 不适用; then it is no short path.
 */
function isShort(state: StateOf, item: Item, part: string, finding: FindingValue | undefined): boolean {
  const outcomes = [...new Set(finding?.outcomes)]
  if (outcomes.some((code) => SHORT_PATHS.includes(code) || GONE.includes(code))) return true
  if (!finding || finding.reason === null || !outcomes.includes('activity_not_found')) return false
  const wished = proposed(state, item, part)
  return !(wished.length === outcomes.length && wished.every((code) => outcomes.includes(code)))
}

/**
 * Not found: the door's photo and how one tried; obstructed: the account with photo or sound (S2 art. 21).
 * Nothing done of what is checked, or gone: the account, and a photo or the paper that shows it.
 */
function shortPathGaps(record: RecordOf, item: string, outcomes: string[], finding: FindingValue): GapCode[] {
  const photos = ofItem(record.photos, item).length > 0
  const told = finding.reason !== null || ofItem(record.notes, item).length > 0
  const found: GapCode[] = []
  if (!told) found.push('finding.account_missing')
  if (outcomes.includes('not_found_at_address') && !photos) found.push('finding.photo_missing')
  const heard = [record.audio, record.clips ?? [], record.recordings ?? []].some((shelf: Placed[]) => ofItem(shelf, item).length > 0)
  if (outcomes.includes('seriously_uncooperative') && !photos && !heard) found.push('finding.evidence_missing')
  const shown = photos || ofItem(record.papers, item).length > 0
  if (outcomes.some((code) => GONE.includes(code) || code === 'activity_not_found') && !shown) found.push('finding.proof_missing')
  return found
}

function itemProgress(item: ItemOf, record: RecordOf | undefined): ItemProgress {
  const answers = answersOf(record, item.id)
  const asked = askedOf(item.checklist.entries, answers)
  return {
    item: item.id,
    entries: asked.length,
    answered: asked.filter((entry) => answerValue(answers, entry.id) !== null).length,
    failed: asked.filter((entry) => judgedBy(entry, answerValue(answers, entry.id)) === 'fail').length,
    outcomes: record?.findings[item.id]?.outcomes ?? [],
  }
}

const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0)
const answersOf = (record: RecordOf | undefined, item: string): Answers => record?.answers[item] ?? {}
const isAt = (things: Placed[], item: string, entry: string): boolean =>
  things.some((thing) => thing.item === item && thing.entry === entry)
/** What belongs to the item, or to the whole part: a photo of the closed door counts for every item. */
const ofItem = <T extends Placed>(things: T[], item: string): T[] =>
  things.filter((thing) => thing.item === null || thing.item === item)

const gap = (code: GapCode, part: string | null = null, item: string | null = null, entry: string | null = null): Gap => ({
  code, part, item, entry, detail: SENTENCES[code],
})

function place(register: string): [string | null, string | null] {
  const [prefix, one, two] = register.split('/')
  if (prefix === 'answer') return [one!, two!]
  return prefix === 'finding' ? [one!, null] : [null, null]
}
