/** Which words and numbers does the document show? Everything follows from the manifest: what is shown is what is hashed. */
import { judged } from '../rules/answers'
import type { Drawn, FindingValue, MarkingBody, MeasureBody } from '../rules/bodies'
import type { Manifest, ManifestPart } from '../rules/manifest'
import type { ChecklistEntry } from '../rules/package'
import type { RecordOf, Written } from '../rules/state'
import { subjects_kind, visits_answer, visits_check_method, visits_measure_form, visits_measure_kind, visits_outcome } from '../terms/generated'

export interface PhotoLine { number: number; part: string; id: string; hash: string; caption: string | null; taken_at: string; item: string | null; entry: string | null; by: string; shapes: Drawn[]; marked: string | null }
export interface EntryLine { id: string; no: string; text: string; answer: string; failed: boolean; told: string; method: string | null; basis: string | null }
export interface ItemLine { id: string; name: string; version: number | null; basis: string | null; entries: EntryLine[]; result: string; reason: string | null; measures: string[]; papers: string[]; added: string | null }
export interface PartLine { id: string; title: string; items: ItemLine[]; rest: string[]; measures: string[]; transcript: { label: string; text: string }[]; inspectors: string }

const NUMBERS = '一二三四五六七八九十'
/** 一 to 九十九. */
export const cn = (n: number): string =>
  n <= 10 ? NUMBERS[n - 1]! : `${n >= 20 ? NUMBERS[Math.floor(n / 10) - 1] : ''}十${n % 10 ? NUMBERS[(n % 10) - 1] : ''}`

/** 2026年11月10日10时02分, by the clock that recorded it. */
export function momentCn(wall: string): string {
  const [day = '', time = ''] = wall.split('T')
  return `${dayCn(day)}${time.slice(0, 2)}时${time.slice(3, 5)}分`
}
export function dayCn(day: string): string {
  const [year, month, date] = day.split('-').map(Number)
  return `${year}年${month}月${date}日`
}
export function spanCn(from: string | null, to: string): string {
  if (from === null) return `至${momentCn(to)}`
  const same = from.slice(0, 10) === to.slice(0, 10)
  return `${momentCn(from)}至${same ? `${to.slice(11, 13)}时${to.slice(14, 16)}分` : momentCn(to)}`
}

/** Middle digits are nobody's business but the office's. */
export const maskPhone = (phone: string): string => phone.replaceAll(/(\d{3})\d{4}(\d{4})/g, '$1****$2')

export const kindOf = (manifest: Manifest): string => subjects_kind[manifest.header.subject.kind] ?? manifest.header.subject.kind

/** Photos of all parts, numbered through the document. */
export const photosOf = (manifest: Manifest): PhotoLine[] =>
  manifest.parts
    .flatMap((part) => part.record.photos.map((photo) => ({ ...photo, part: part.department.id, shapes: shapesOn(part.record.markings, photo.hash) })))
    .map(({ part, id, hash, caption, taken_at, item, entry, by, shapes }, n) => ({ number: n + 1, part, id, hash, caption, taken_at, item, entry, by, shapes, marked: markingWords(shapes) }))

/** What was drawn over a photo, in the order it was drawn. */
export const shapesOn = (markings: readonly MarkingBody[] | undefined, photo: string): Drawn[] =>
  (markings ?? []).filter((one) => one.photo === photo).flatMap((one) => one.shapes)

/** 标注：方框 2 处、箭头 1 处、“裂缝”. */
export function markingWords(shapes: readonly Drawn[]): string | null {
  const counted = [['box', '方框'], ['arrow', '箭头']].map(([kind, name]) => [name, shapes.filter((one) => one.kind === kind).length] as const)
  const said = [...counted.filter(([, count]) => count > 0).map(([name, count]) => `${name} ${count} 处`), ...shapes.flatMap((one) => (one.text ? [`“${one.text}”`] : []))]
  return said.length ? `标注：${said.join('、')}` : null
}

export const partLines = (manifest: Manifest): PartLine[] => {
  const photos = photosOf(manifest)
  const labels = Object.fromEntries(manifest.header.outcomes.map(({ code, label }) => [code, label]))
  return manifest.parts.map((part, n) => partLine(part, n, photos.filter((photo) => photo.part === part.department.id), labels))
}

function partLine(part: ManifestPart, n: number, photos: PhotoLine[], labels: Record<string, string>): PartLine {
  const { record } = part
  const planned = part.items.map((item) => ({ id: item.id, name: item.name, basis: item.legal_basis, version: item.checklist.version, added: record.items[item.id]?.reason ?? null, entries: item.entries }))
  const added = Object.entries(record.items).filter(([id]) => !part.items.some((item) => item.id === id)).map(([id, item]) => ({ id, name: item.name, basis: item.legal_basis, version: item.checklist?.version ?? null, added: item.reason, entries: [] }))
  return {
    id: part.department.id,
    title: `${cn(n + 1)}、${part.department.name}${part.initiating ? '（发起部门）' : ''}`,
    items: [...planned, ...added].map(({ entries, ...item }) => ({
      ...item,
      entries: entries.map((entry) => entryLine(entry, record, item.id, photos)),
      result: outcomeWords(record.findings[item.id], labels),
      reason: record.findings[item.id]?.reason ?? null,
      measures: record.measures.filter((one) => one.item === item.id).map(measureWords),
      papers: collected(record, item.id, photos),
    })),
    rest: collected(record, null, photos),
    measures: record.measures.filter((one) => one.item === null).map(measureWords),
    transcript: transcriptLines(record),
    inspectors: part.inspectors.map(({ name, certificate }) => `${name}${certificate ? `（${certificate}）` : ''}`).join('　'),
  }
}

function entryLine(entry: ManifestPart['items'][number]['entries'][number], record: RecordOf, item: string, photos: PhotoLine[]): EntryLine {
  const answer = record.answers[item]?.[entry.id]
  const notes = record.notes.filter((note) => note.item === item && note.entry === entry.id).map((note) => note.text)
  const numbers = photos.filter((photo) => photo.item === item && photo.entry === entry.id).map(({ number }) => number)
  // Phrases were tapped into the note on most phones; they are said once.
  const phrases = (answer?.phrases ?? []).filter((phrase) => !answer?.note?.includes(phrase))
  const told = [...phrases, answer?.note ?? '', ...notes].filter(Boolean).map(sentence).join('')
  return {
    id: entry.id, no: entry.no, text: entry.text, method: entry.method, basis: entry.basis,
    answer: answerWords(entry, answer?.value ?? null),
    failed: judged(entry, answer?.value ?? null) === 'fail',
    told: `${told}${numbers.length ? `（照片 ${numbers.join('、')}）` : ''}`,
  }
}

const sentence = (text: string): string => (/[。！？；.!?;]$/.test(text.trim()) ? text.trim() : `${text.trim()}。`)

/** 18 至 26, 不小于 18, 不大于 26; the same words as on paper. */
export function limitWords({ min, max }: NonNullable<ChecklistEntry['limits']>): string {
  if (min !== null && max !== null) return `为 ${min} 至 ${max}`
  return min !== null ? `不小于 ${min}` : `不大于 ${max}`
}

export function answerWords(entry: { answer: string; unit: string | null; limits?: ChecklistEntry['limits'] }, value: string | null): string {
  if (value === null) return '—'
  if (entry.answer === 'pass_fail') return `☑${visits_answer[value] ?? value}`
  if (entry.answer === 'date') return dayCn(value)
  if (entry.answer !== 'number') return value
  const measured = entry.unit ? `${value} ${entry.unit}` : value
  return entry.limits ? `${measured}（应${limitWords(entry.limits)}）` : measured
}

export const outcomeWords = (finding: FindingValue | undefined, labels: Record<string, string>): string =>
  finding?.outcomes.map((code) => labels[code] ?? visits_outcome[code] ?? code).join('、') || '—'

export function measureWords(one: Written<MeasureBody>): string {
  const name = visits_measure_kind[one.kind] ?? one.kind
  const due = one.due_day ? `，${dayCn(one.due_day)}前改正` : one.kind === 'rectification_order' ? '，当场改正' : ''
  return `${name}${one.number ? `（${one.number}）` : ''}${due}，${visits_measure_form[one.form] ?? one.form}：${one.text}`
}

/** 45 秒, 1 分 05 秒. */
export const lengthWords = (seconds: number): string =>
  seconds < 60 ? `${seconds} 秒` : `${Math.floor(seconds / 60)} 分 ${String(seconds % 60).padStart(2, '0')} 秒`

/** 1.4 MB; counted in whole tenths, so that every language rounds alike. */
export function sizeWords(size: number): string {
  const tenths = Math.max(1, Math.floor((size * 10 + 524_288) / 1_048_576))
  return `${Math.floor(tenths / 10)}.${tenths % 10} MB`
}

/** Enough of a hash to find the file by. */
export const hashWords = (hash: string): string => `${hash.slice(0, 8)}…${hash.slice(-8)}`

/** What was gathered about an item (null: about the whole part) and no entry names. */
function collected(record: RecordOf, item: string | null, photos: PhotoLine[]): string[] {
  const here = <T extends { item: string | null }>(things: readonly T[] = []): T[] => things.filter((thing) => thing.item === item)
  const numbered = new Map(photos.map(({ id, number }) => [id, number]))
  const loose = photos.filter((photo) => photo.item === item && photo.entry === null).map(({ number }) => number)
  const pages = (one: { photos: string[] }): string => {
    const found = one.photos.flatMap((id) => numbered.get(id) ?? [])
    return found.length ? `（照片 ${found.join('、')}）` : ''
  }
  const heard = (one: { seconds: number; caption: string | null; hash: string }): string => `${lengthWords(one.seconds)}${one.caption ? `：${one.caption}` : ''}（${hashWords(one.hash)}）`
  return [
    ...here(record.notes).filter((note) => note.entry === null).map((note) => `备注：${note.text}`),
    ...here(record.papers).map((one) => `查阅材料：${one.name}${one.number ? ` ${one.number}` : ''}，${one.copies} 份${one.kept ? '，已留存' : ''}${one.note ? `，${one.note}` : ''}${pages(one)}`),
    ...here(record.samples).map((one) => `抽样：${one.name}，${one.number}，${one.quantity}${one.laboratory ? `，送${one.laboratory}检验` : ''}${one.note ? `，${one.note}` : ''}${pages(one)}`),
    ...here(record.evidence).map((one) => `提取证据：${one.name}，${one.quantity}${one.receipt ? `，收据 ${one.receipt}` : ''}${one.description ? `，${one.description}` : ''}${pages(one)}`),
    ...here(record.audio).map((one) => `录音 ${heard(one)}`),
    ...here(record.clips).map((one) => `录像 ${heard(one)}`),
    ...here(record.recordings).map((one) => `执法记录仪 ${one.recorder}：${one.name}，${sizeWords(one.size)}${one.started_at ? `，${momentCn(one.started_at)}起` : ''}${one.note ? `，${one.note}` : ''}（${hashWords(one.hash)}）`),
    ...(item === null
      ? [
          ...(record.method && record.method.method !== 'on_site' ? [`${visits_check_method[record.method.method]}${record.method.reason ? `：${record.method.reason}` : ''}`] : []),
          ...Object.values(record.facts).filter((fact) => fact.differs).map((fact) => `与登记不符：${[fact.value, fact.note].filter(Boolean).join('，')}`),
          ...Object.values(record.experts).map((one) => `专业人员：${one.name}${one.institution ? `（${one.institution}）` : ''}${one.opinion ? `，意见：${one.opinion}` : ''}`),
        ]
      : []),
    ...(loose.length ? [`照片 ${loose.join('、')}`] : []),
  ]
}

const TRANSCRIPT = { opening: '出示证件', credentials_answer: '核对证件的回答', rights_answer: '告知权利的回答', facts: '现场情况', coercive: '强制措施', statement: '陈述申辩' } as const

function transcriptLines({ transcript }: RecordOf): { label: string; text: string }[] {
  if (transcript === null) return []
  const said = Object.entries(TRANSCRIPT).flatMap(([name, label]) => {
    const text = transcript[name as keyof typeof TRANSCRIPT]
    return text ? [{ label, text }] : []
  })
  const recusal = transcript.recusal === 'asked' ? [{ label: '申请回避', text: transcript.recusal_reason ?? '是' }] : []
  return [...said, ...recusal]
}
