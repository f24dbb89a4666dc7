/** What was compared in each check, and what does it all come to? */
import type { Bundle } from '../../../rules/lot.bundle'
import type { Rules } from '../../../rules/lot.quota'
import type { Check } from '../../../rules/lot.verify'
import { draws_check, draws_event } from '../../../terms/generated'
import { shortHash } from '../words'
import type { Checked } from './check'
import { commitOf } from './check'

export const checkLabel = (code: string): string => draws_check[code] ?? code

interface Compared { sentence: string; value?: string }

/** "0.5" as 50%, exactly: the point is moved in the text. */
export function percentWords(decimal: string): string {
  const [whole = '0', rest = ''] = decimal.split('.')
  const digits = rest.padEnd(2, '0')
  const units = `${whole}${digits.slice(0, 2)}`.replace(/^0+(?=\d)/, '')
  const tail = digits.slice(2)
  return `${units}${tail ? `.${tail}` : ''}%`
}

function ruleWords(rules: Rules, count: number): string {
  if (rules.number !== null) return `按 ${rules.number} 户`
  const bound = { at_least: '不低于 ', at_most: '不高于 ' }[rules.bound] ?? ''
  const batch = rules.batch ? `，第 ${rules.batch.number} 批，全年 ${rules.batch.of} 批` : ''
  return rules.class_ratios ? `各类按公布的比例${batch}` : `${count} 户 × ${bound}${percentWords(rules.ratio ?? '0')}${batch}`
}

const drawnOf = (bundle: Bundle): number => bundle.commit.pool.strata.reduce((sum, stratum) => sum + stratum.quota, 0)
/** Where all that were drawn are of one class, the split would tell the class of everybody whose result is published. */
export const splitTellsNobody = (bundle: Bundle): boolean => bundle.commit.pool.strata.filter((stratum) => stratum.quota > 0).length > 1
const splitWords = (bundle: Bundle): string => (splitTellsNobody(bundle) ? `；分为 ${classesOf(bundle)}` : '')
const classesOf = (bundle: Bundle): string => bundle.commit.pool.strata.map(({ risk, quota }) => `${risk === '-' ? '未分类' : risk} ${quota}`).join('，')
const of = (count: number): string => `${count} / ${count}`

const COMPARED: Record<string, (bundle: Bundle, count: number) => Compared> = {
  form: ({ format }) => ({ sentence: `合乎公布的格式 ${format}，不多不少` }),
  commit_hash: ({ commit_hash: hash }) => ({ sentence: '由规则、名单根和来源承诺重新算出，与文件写的相同', value: shortHash(hash) }),
  sources: (bundle, count) => (bundle.status === 'voided' ? { sentence: `来源不少于两方，作废前揭示了 ${count} 方` } : { sentence: '来源不少于两方，都已揭示，合起来的随机性足够', value: of(count) }),
  reveals: (_, count) => ({ sentence: '各方揭示的值，与事先公布的承诺相符', value: of(count) }),
  key: ({ key }) => (key === null ? { sentence: '已作废，没有算出密钥' } : { sentence: '由承诺值和各方揭示的值合成', value: shortHash(key) }),
  counts: ({ commit }) => ({ sentence: `名单 ${commit.pool.count} 户，各类相加相符；排除 ${commit.excluded.count} 户，原因相加相符` }),
  class_roots: (_, count) => ({ sentence: '各类叶值重新合成名单根，与承诺的相同', value: of(count) }),
  pool_root: ({ commit }) => ({ sentence: '全部叶值合成总根，与承诺的相同', value: shortHash(commit.pool.root) }),
  quotas: (bundle) => ({ sentence: `${ruleWords(bundle.commit.rules, bundle.commit.pool.count)}，共 ${drawnOf(bundle)} 户${splitWords(bundle)}` }),
  tickets: (bundle, count) => (bundle.status === 'voided' ? { sentence: '已作废，没有抽取号' } : { sentence: '每户的抽取号逐一重算', value: of(count) }),
  selection: (bundle, count) => (bundle.status === 'voided' ? { sentence: '已作废，没有抽中名单' } : { sentence: '每类抽取号最小的几户，与公布的名单相同', value: of(count) }),
  thresholds: (bundle, count) => (bundle.status === 'voided' ? { sentence: '已作废，没有抽中线' } : { sentence: '各类最后一个抽中的号，与公布的相同', value: of(count) }),
  events: ({ events }) => ({ sentence: events.length ? events.map((one) => `${draws_event[one.kind] ?? one.kind}：${one.reason}`).join('；') : '没有作废、更换等后续事件', value: events.length ? of(events.length) : undefined }),
  entries: (_, count) => ({ sentence: '每户的条目都合成公布的叶值', value: of(count) }),
  excluded: (_, count) => ({ sentence: '被排除的每户和原因，与承诺的相同', value: of(count) }),
  inspectors: (_, count) => ({ sentence: '执法人员条目合成承诺的名单根', value: of(count) }),
  pools: (_, count) => ({ sentence: '各部门可匹配的人员和未入池的原因相符', value: of(count) }),
  ineligible: (_, count) => ({ sentence: '逐次回避的人员，与重算的相同', value: of(count) }),
  teams: (_, count) => ({ sentence: '检查小组逐一重新匹配，完全相同', value: of(count) }),
  shortfalls: (_, count) => ({ sentence: count ? `人员缺额 ${count} 处，都有记录` : '没有人员缺额' }),
  signature: ({ signature }) => ({ sentence: '用平台公布的公钥核对，是平台签发，签发后没有改动', value: signature?.kid }),
}

/** What a check that passed compared; what did not pass speaks for itself. */
export function compared(check: Check, bundle: Bundle): Compared {
  if (!check.ok || check.warning) return { sentence: check.detail }
  return COMPARED[check.code]?.(bundle, check.compared) ?? { sentence: `比对 ${check.compared} 处，相同` }
}

export interface Verdict { ok: boolean; title: string; sentence: string }

/** One sentence first. `published`: the commit hash this page shows, so that a file of another draw is not taken for it. */
export function verdictOf({ bundle, verification: { ok, checks } }: Checked, published: string | null): Verdict {
  const failed = checks.filter((check) => !check.ok)
  if (!ok) return { ok, title: `不符：${failed.map((check) => checkLabel(check.code)).join('、')}。`, sentence: `${failed.length} 项对不上，其余 ${checks.length - failed.length} 项相符。` }
  if (published !== null && commitOf(bundle) !== published) return { ok: false, title: '这个文件不是本页的这次抽取。', sentence: '文件自己前后一致，但承诺值与本页公布的不同。' }
  const open = checks.filter((check) => check.warning)
  const sentence = open.length ? `${checks.length - open.length} 项相符；${open.map((check) => checkLabel(check.code)).join('、')}没有比对，原因见下。` : `${checks.length} 项全部相符。`
  if (bundle.status === 'voided') return { ok, title: '相符。这次抽取已经作废，没有抽中任何人。', sentence }
  const drawn = bundle.selected.length
  return { ok, title: drawn ? `相符。这次抽取可以重算，${drawn} 户与公布名单逐一相同。` : '相符。这次抽取可以重算，结果与公布的相同。', sentence }
}
