/** How are days, moments and ratios said at the desk? Days are the law's days in Shanghai, whatever this computer thinks. */
import { draws_bound, plans_period } from '../../terms/generated'

/** 2026-11-26 → 11月26日, with the year where it is not this one. */
export function dayWords(day: string | null | undefined, year?: number): string {
  if (!day) return ''
  const [y, month, date] = day.slice(0, 10).split('-').map(Number)
  const here = year ?? Number(lawParts(new Date().toISOString()).year)
  return `${y === here ? '' : `${y}年`}${month}月${date}日`
}

const LAW = new Intl.DateTimeFormat('zh-CN', { timeZone: 'Asia/Shanghai', hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: '2-digit', minute: '2-digit', weekday: 'long' })

function lawParts(moment: string): Record<string, string> {
  return Object.fromEntries(LAW.formatToParts(new Date(moment)).map(({ type, value }) => [type, value]))
}

/** On which law day is this moment? */
export function lawDay(moment: string): string {
  const at = lawParts(moment)
  return [at['year'], at['month']?.padStart(2, '0'), at['day']?.padStart(2, '0')].join('-')
}

/** A moment as 11月9日 09:30. */
export function momentWords(moment: string | null | undefined): string {
  if (!moment) return ''
  const at = lawParts(moment)
  const now = lawParts(new Date().toISOString())
  return `${at['year'] === now['year'] ? '' : `${at['year']}年`}${at['month']}月${at['day']}日 ${at['hour']}:${at['minute']}`
}

/** A law day with its weekday, for the bar. */
export function wholeDay(day: string): string {
  const at = lawParts(`${day}T12:00:00+08:00`)
  return `${at['year']}年${at['month']}月${at['day']}日 ${at['weekday']}`
}

interface RatioLike { percent: unknown; bound: string; percent_max?: unknown }

/** 50%, 不低于 5%, 5%–10%. */
export function ratioWords(ratio: RatioLike | null | undefined, number?: number | null): string {
  if (number) return `${number} 户`
  if (!ratio) return '未写'
  const percent = `${String(ratio.percent)}%`
  if (ratio.bound === 'range') return `${percent}–${String(ratio.percent_max)}%`
  return ratio.bound === 'exact' ? percent : `${draws_bound[ratio.bound] ?? ''} ${percent}`
}

const PER: Record<string, string> = { year: '年', half_year: '半年', quarter: '季', month: '月' }

/** As the notices write it: 1次/年. */
export function frequencyBrief(frequency: { times: number; per: string } | null | undefined): string {
  return frequency ? `${frequency.times}次/${PER[frequency.per] ?? ''}` : '未写频次'
}

/** 贵南县公安局 → 县公安局: in a table of one region its name is said once, in the head. */
export function officeName(name: string, region: string | undefined): string {
  return region && name.startsWith(region) ? region.slice(-1) + name.slice(region.length) : name
}

/** The address within the region: province and county are the same in every row. */
export function placeWords(address: string, region: string | undefined): string {
  const at = region ? address.indexOf(region) : -1
  return at < 0 ? address : address.slice(at + region!.length) || address
}

export function frequencyWords(frequency: { times: number; per: string } | null | undefined): string {
  return frequency ? `${plans_period[frequency.per] ?? ''} ${frequency.times} 次` : '未写频次'
}

/** A 64-digit hash in groups of eight. */
export function grouped(hash: string): string[] {
  return hash.match(/.{1,8}/g) ?? []
}

/** What a clerk types as 25 or 2.5 (percent) as the decimal of the lot ("0.25"); null where it is no ratio. */
export function decimalOf(percent: string): string | null {
  const typed = percent.trim().replace(/[%％]$/, '')
  if (!/^\d{1,3}(\.\d{1,4})?$/.test(typed) || Number(typed) > 100) return null
  const [whole = '0', rest = ''] = typed.split('.')
  const digits = whole.padStart(3, '0')
  const text = `${digits.slice(0, -2)}.${digits.slice(-2)}${rest}`.replace(/0+$/, '').replace(/\.$/, '').replace(/^0+(?=\d)/, '')
  return text
}

/** What is said of a draw made elsewhere: what the region above drew is recomputed there, what another platform drew is not. */
export function elsewhereWords({ kind, checkable }: { kind: string; checkable: boolean }): string {
  if (checkable) return ''
  return kind === 'handed_down' ? '上级抽取，可在上级的抽取里验算' : '平台外抽取，本平台不可验算'
}
