/** What do the papers of a visit say that are handed over on the spot? The same sentences as their PDF (papers/templates), held to it by tests/cases/letters.json. */
import type { MeasureBody, MeasureKind, SampleBody } from '../rules/bodies'
import type { PartOf, VisitPackage } from '../rules/package'
import type { RecordOf, Written } from '../rules/state'
import { cn, dayCn, momentCn } from './recordWords'
import { openingOf, RECUSAL, RIGHTS } from './transcriptWords'

export type Block =
  | { kind: 'to' | 'p' | 'h' | 'close'; text: string }
  | { kind: 'tick'; on: boolean; text: string }
  | { kind: 'rows'; rows: [string, string][] }
  | { kind: 'table'; head: string[]; rows: string[][] }
  | { kind: 'talk'; ask: string; answer: string }
  | { kind: 'sign'; label: string }

export interface Letter { title: string; authority: string; number: string | null; blocks: Block[] }
export interface Occasion { visit: VisitPackage; part: PartOf; record: RecordOf | undefined; /** The day by the law's clock. */ day: string }

/** No blank that somebody could fill in later. */
export const VOID = '／'
const or = (text: string | null | undefined): string => (text?.trim() ? text : VOID)

export const LETTER_NAMES: Record<MeasureKind, string> = {
  rectification_order: '责令改正通知书', order_to_stop: '责令停止违法行为通知书', urge_to_rectify: '督促整改通知书', advice: '行政提醒建议书', policy_explained: '政策宣讲记录',
}
const CONSEQUENCE = '本机关将依法作出处理。'
const COPIES = '本通知书一式二份，一份送达当事人，一份存档。'

const officers = (part: PartOf): string => part.team.map(({ name, certificate }) => `${name}（执法证号 ${or(certificate)}）`).join('、')
const remedies = (visit: VisitPackage): string => visit.profile.remedies ??
  `如不服本通知，可以自收到本通知书之日起六十日内向${visit.region.name}人民政府申请行政复议，也可以自收到之日起六个月内依法向有管辖权的人民法院提起行政诉讼。`
const contact = (part: PartOf): string => `联系人：${VOID}　电话：${VOID}　地址：${part.department.name}`
const partyOf = ({ subject }: VisitPackage): { name: string; code: string } => {
  const { responsible } = subject
  return { name: responsible ? `${responsible.name}（${subject.name}）` : subject.name, code: subject.credit_code ?? responsible?.credit_code ?? '' }
}

/** What the record says at the measure's entry, when the measure itself says nothing. */
function foundAt({ part, record }: Occasion, measure: MeasureBody): string {
  if (measure.facts) return measure.facts
  const entry = part.items.find(({ id }) => id === measure.item)?.checklist.entries.find(({ id }) => id === measure.entry)
  const answer = measure.item && measure.entry ? record?.answers[measure.item]?.[measure.entry] : undefined
  const said = answer ? [...answer.phrases.filter((one) => !answer.note?.includes(one)), answer.note ?? ''].filter((one) => one.trim()).map(ended).join('') : ''
  return entry ? `${entry.text}：${said || '不合格。'}` : said || '详见部门联合抽查情况记录表。'
}
const ended = (text: string): string => (/[。！？；.!?;]$/.test(text.trim()) ? text.trim() : `${text.trim()}。`)

function proofs({ record }: Occasion, measure: MeasureBody): string {
  const photos = (record?.photos ?? []).filter((one) => one.item === measure.item && (measure.entry === null || one.entry === measure.entry)).length
  return `${photos ? `现场照片 ${photos} 张、` : ''}部门联合抽查情况记录表`
}

/** A measure as the paper that the subject receives. */
export function measureLetter(on: Occasion, measure: MeasureBody): Letter {
  const { visit, part, day } = on
  const party = partyOf(visit)
  const team = officers(part)
  const [today, met] = [dayCn(day), `在部门联合抽查（上门编号 ${visit.visit_no}）中对你单位进行现场检查`]
  const found = `${today}，本机关执法人员${team}${met}，查明：${foundAt(on, measure)}有${proofs(on, measure)}为证。`
  const breach = `上述行为违反了${or(measure.breached)}的规定。依据${or(measure.applied)}的规定，`
  const due = measure.due_day ? dayCn(measure.due_day) : null
  const p = (text: string): Block => ({ kind: 'p', text })
  const middle: Record<MeasureKind, () => Block[]> = {
    rectification_order: () => [
      p(found), p(`${breach}现责令你单位：`), { kind: 'tick', on: !due, text: '立即改正。' }, { kind: 'tick', on: !!due, text: `于 ${due ?? VOID} 前改正完毕。` },
      p(`改正内容及要求：${or(measure.text)}`), p(`改正后请扫描下方二维码或者当面提交佐证材料，本机关将予复查；逾期不改正的，${CONSEQUENCE}`), p(remedies(visit)), p(contact(part)),
    ],
    order_to_stop: () => [
      p(found), p(`${breach}现责令你单位立即停止：${or(measure.text)}`), p(`停止期间请保持现场原状；拒不停止的，${CONSEQUENCE}`), p(remedies(visit)), p(contact(part)),
    ],
    urge_to_rectify: () => [
      p(found), p(`${measure.breached || measure.applied ? `有关规定：${[measure.breached, measure.applied].filter(Boolean).join('、')}。` : ''}请你单位${due ? `于 ${due} 前` : '及时'}完成整改：${or(measure.text)}`),
      p('整改情况请保留记录，本机关可以复查。'), p(contact(part)),
    ],
    advice: () => [
      p(`${today}，本机关执法人员${team}${met}。${measure.facts ? `注意到：${ended(measure.facts)}` : ''}`), p(`现提醒、建议如下：${or(measure.text)}`), p(`适用情形：${or(measure.ground)}`),
      p('本提醒建议不是行政处罚，请你单位自行安排。'), p(contact(part)),
    ],
    policy_explained: () => [p(`${today}，本机关执法人员${team}${met}，并当面宣讲：${or(measure.text)}`)],
  }
  const close: Block[] = [{ kind: 'close', text: part.department.name }, { kind: 'close', text: today }]
  const receipt: Block[] = measure.kind === 'policy_explained' ? [] : [{ kind: 'sign', label: '当事人签收' }, { kind: 'sign', label: '执法人员' }, { kind: 'p', text: COPIES }]
  return { title: LETTER_NAMES[measure.kind], authority: part.department.name, number: measure.number, blocks: [{ kind: 'to', text: `${party.name}（统一社会信用代码：${or(party.code)}）：` }, ...middle[measure.kind](), ...close, ...receipt] }
}

const facts = (on: Occasion): [string, string][] => {
  const party = partyOf(on.visit)
  return [['被检查对象', party.name], ['统一社会信用代码', or(party.code)], ['住所（经营场所）', or(on.visit.subject.address)], ['上门编号', on.visit.visit_no]]
}
const pages = (on: Occasion, photos: readonly string[]): string => {
  const numbers = photos.flatMap((id) => { const at = (on.record?.photos ?? []).findIndex((one) => one.id === id); return at < 0 ? [] : [at + 1] })
  return numbers.length ? `${numbers.length} 张` : VOID
}

/** 提取证据清单, at once the receipt: everything that my part took along. */
export const takenLetter = (on: Occasion): Letter => ({
  title: '提取证据清单（收据）', authority: on.part.department.name, number: null,
  blocks: [
    { kind: 'rows', rows: facts(on) },
    { kind: 'table', head: ['序号', '名称', '数量', '特征、来源', '收据编号', '照片'], rows: (on.record?.evidence ?? []).map((one, n) => [String(n + 1), one.name, one.quantity, or(one.description), or(one.receipt), pages(on, one.photos)]) },
    { kind: 'p', text: `以上共 ${on.record?.evidence.length ?? 0} 项，由本机关执法人员${officers(on.part)}于${dayCn(on.day)}在检查现场提取，请当事人核对。用毕依法退还或者处理。` },
    { kind: 'sign', label: '当事人（签名）' }, { kind: 'sign', label: '执法人员（签名）' },
    { kind: 'close', text: on.part.department.name }, { kind: 'close', text: dayCn(on.day) },
    { kind: 'p', text: '本清单一式二份，一份交当事人，一份存档。' },
  ],
})

/** 抽样单 of one sample. */
export const sampleLetter = (on: Occasion, sample: Written<SampleBody>): Letter => ({
  title: '抽样单', authority: on.part.department.name, number: sample.number,
  blocks: [
    { kind: 'rows', rows: [...facts(on), ['样品名称', sample.name], ['样品编号', sample.number], ['抽样数量', sample.quantity], ['检验机构', or(sample.laboratory)], ['说明', or(sample.note)], ['照片', pages(on, sample.photos)]] },
    { kind: 'p', text: `上述样品由本机关执法人员${officers(on.part)}于${dayCn(on.day)}在检查现场抽取，当事人在场。${sample.laboratory ? `送${sample.laboratory}检验，检验结果将告知当事人。` : ''}` },
    { kind: 'sign', label: '当事人（签名）' }, { kind: 'sign', label: '执法人员（签名）' },
    { kind: 'close', text: on.part.department.name }, { kind: 'close', text: dayCn(on.day) },
  ],
})

/** 现场笔录 as it stands; the signature comes with the confirmation of the whole record. */
export function transcriptLetter(on: Occasion, span: { from: string | null; to: string | null }): Letter {
  const said = on.record?.transcript
  const recusal = said?.recusal === 'asked' ? `申请回避。${said.recusal_reason ?? ''}` : '不申请回避。'
  return {
    title: '现场笔录', authority: on.part.department.name, number: null,
    blocks: [
      { kind: 'rows', rows: [...facts(on), ['检查时间', `${dayCn(on.day)}　${span.from ? momentCn(span.from).slice(-6) : VOID} 至 ${span.to ? momentCn(span.to).slice(-6) : VOID}`], ['检查人员', on.part.team.map(({ name, certificate }) => `${name}　执法证号 ${or(certificate)}`).join('　')]] },
      { kind: 'h', text: `${cn(1)}、告知与回答` },
      { kind: 'talk', ask: said?.opening ?? openingOf(on.part.department.name), answer: or(said?.credentials_answer) },
      { kind: 'talk', ask: RIGHTS, answer: or(said?.rights_answer) },
      { kind: 'talk', ask: RECUSAL, answer: recusal },
      { kind: 'h', text: `${cn(2)}、现场情况` },
      { kind: 'p', text: or(said?.facts) },
      { kind: 'h', text: `${cn(3)}、强制措施、陈述申辩和核对` },
      { kind: 'rows', rows: [['行政强制措施', or(said?.coercive)], ['陈述和申辩', or(said?.statement)]] },
      { kind: 'sign', label: '现场人员（签名）' }, { kind: 'sign', label: '检查人员（签名）' },
    ],
  }
}

/** Every word of a letter in its order, for comparing, sharing and reading aloud. */
export const wordsOf = ({ blocks }: Letter): string[] => blocks.flatMap((block) => {
  if (block.kind === 'rows') return block.rows.flat()
  if (block.kind === 'table') return [...block.head, ...block.rows.flat()]
  if (block.kind === 'talk') return [`问：${block.ask}`, `答：${block.answer}`]
  return [block.kind === 'sign' ? block.label : block.text]
})
