// How many of each risk class are drawn? Twin of backend/onevisit/draws/quota.py, in exact arithmetic.
import { Refused } from './refused'

export const CLASSES = ['A', 'B', 'C', 'D', '-'] as const
export const RISKIEST_FIRST = ['D', 'C', 'B', '-', 'A'] as const

export interface Rules {
  ratio: string | null
  bound: string
  class_ratios: Record<string, string> | null
  multipliers: Record<string, string>
  rounding: string
  number: number | null
  batch: { number: number; of: number; drawn: Record<string, number> } | null
}
export type Counts = Record<string, number>

/** A fraction of integers; the denominator is positive. */
interface Fraction { n: bigint; d: bigint }

const ZERO: Fraction = { n: 0n, d: 1n }
const ONE: Fraction = { n: 1n, d: 1n }
const times = (a: Fraction, b: Fraction): Fraction => ({ n: a.n * b.n, d: a.d * b.d })
const plus = (a: Fraction, b: Fraction): Fraction => ({ n: a.n * b.d + b.n * a.d, d: a.d * b.d })
const compare = (a: Fraction, b: Fraction): number => {
  const difference = a.n * b.d - b.n * a.d
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}
const whole = (n: number): Fraction => ({ n: BigInt(n), d: 1n })
const floor = (a: Fraction): number => Number(a.n / a.d)
const ceil = (a: Fraction): number => Number((a.n + a.d - 1n) / a.d)

/** The number a commit's decimal string stands for; other spellings of it are refused. */
export function exact(text: string): Fraction {
  if (!/^(0|[1-9][0-9]*)(\.[0-9]*[1-9])?$/.test(text)) {
    throw new Refused('draws.decimal_malformed', `比例或倍数“${text}”写法不对，应为小数，如 0.05。`)
  }
  const [units, decimals = ''] = text.split('.')
  return { n: BigInt(units + decimals), d: 10n ** BigInt(decimals.length) }
}

/** Which way the total is rounded: only a ceiling of the plan is rounded down. */
export const roundingOf = (rules: Rules): string => (rules.bound === 'at_most' ? 'floor' : 'ceil')

/** Refuses rules that no draw can follow. */
export function refuseImpossible(rules: Rules): void {
  const typed = Object.values(rules.class_ratios ?? {})
  if (!['exact', 'at_least', 'at_most'].includes(rules.bound)) throw new Refused('draws.bound_unknown', `没有“${rules.bound}”这种比例要求。`)
  if ((rules.ratio === null) === (rules.number === null)) throw new Refused('draws.ratio_or_number', '抽取比例和抽取户数必须且只能填一个。')
  if (rules.number !== null && (rules.number < 1 || rules.class_ratios !== null)) {
    throw new Refused('draws.number_impossible', '按户数抽取时，户数至少为1，且不能再填分类比例。')
  }
  const ratio = rules.ratio === null ? ONE : exact(rules.ratio)
  if (ratio.n <= 0n || compare(ratio, ONE) > 0) throw new Refused('draws.ratio_impossible', '抽取比例应大于0且不超过100%。')
  const unknown = [...Object.keys(rules.multipliers), ...Object.keys(rules.class_ratios ?? {})].filter((risk) => !isClass(risk))
  if (unknown.length) throw new Refused('draws.class_unknown', `没有“${unknown.join('、')}”这一类。`)
  if (Object.values(rules.multipliers).some((one) => exact(one).n <= 0n)) throw new Refused('draws.multiplier_impossible', '分类倍数应大于0。')
  if (typed.some((one) => compare(exact(one), ONE) > 0)) throw new Refused('draws.ratio_impossible', '分类比例应在0到100%之间。')
  const batch = rules.batch
  if (batch && !(batch.number >= 1 && batch.number <= batch.of)) throw new Refused('draws.batch_impossible', `第${batch.number}批不在全年${batch.of}批之内。`)
  if (batch && Object.entries(batch.drawn).some(([risk, count]) => !isClass(risk) || count < 0)) {
    throw new Refused('draws.batch_impossible', '已抽取数的类别或数量不对。')
  }
}

/** How many of each class that has subjects are drawn, given how many subjects each class has. */
export function quotas(rules: Rules, counts: Counts): Counts {
  refuseImpossible(rules)
  const present = onlyPresent((risk) => counts[risk] ?? 0)
  const batch = rules.batch
  if (!batch) return overAll(rules, present)
  const before = (risk: string) => batch.drawn[risk] ?? 0
  const year = overAll(rules, onlyPresent((risk) => (present[risk] ?? 0) + before(risk)))
  return mapped(present, (risk) => {
    const until = ceil({ n: BigInt(year[risk]!) * BigInt(batch.number), d: BigInt(batch.of) })
    return Math.max(0, until - before(risk))
  })
}

function overAll(rules: Rules, counts: Counts): Counts {
  const risks = Object.keys(counts)
  if (!risks.length) return {}
  const total = sum(Object.values(counts))
  if (rules.number !== null) {
    const weights = mapped(counts, (risk, count) => times(whole(count), multiplier(rules, risk)))
    return shared(Math.min(rules.number, total), weights, counts)
  }
  const ratios = classRatios(rules, counts)
  const weights = mapped(counts, (risk, count) => times(whole(count), ratios[risk]!))
  const planned = times(whole(total), exact(rules.ratio!))
  if (rules.bound === 'at_least') return toppedUp(mapped(weights, (_, weight) => ceil(weight)), counts, ceil(planned))
  if (Object.values(weights).every((weight) => weight.n === 0n)) throw new Refused('draws.ratio_impossible', '各类比例都是0，无法抽取。')
  const wanted = rules.class_ratios ? Object.values(weights).reduce(plus, ZERO) : planned
  return shared(rules.bound === 'at_most' ? Math.max(1, floor(wanted)) : ceil(wanted), weights, counts)
}

function classRatios(rules: Rules, counts: Counts): Record<string, Fraction> {
  const typed = rules.class_ratios
  if (!typed) {
    return mapped(counts, (risk) => {
      const own = times(exact(rules.ratio!), multiplier(rules, risk))
      return compare(own, ONE) > 0 ? ONE : own
    })
  }
  const missing = Object.keys(counts).filter((risk) => typed[risk] === undefined)
  if (missing.length) throw new Refused('draws.class_ratio_missing', `分类比例要么每类都填，要么都不填；缺：${missing.join('、')}。`)
  return mapped(counts, (risk) => exact(typed[risk]!))
}

function multiplier(rules: Rules, risk: string): Fraction {
  const text = rules.multipliers[risk]
  if (text === undefined) throw new Refused('draws.multiplier_missing', `缺少${risk}类的倍数。`)
  return exact(text)
}

function toppedUp(least: Counts, counts: Counts, wanted: number): Counts {
  let missing = Math.max(0, wanted - sum(Object.values(least)))
  for (const risk of RISKIEST_FIRST) {
    if (counts[risk] === undefined) continue
    const more = Math.min(missing, counts[risk] - least[risk]!)
    least[risk]! += more
    missing -= more
  }
  return least
}

/** `number` shared by weight, no class over its count: caps first, then floors and largest remainders. */
function shared(number: number, weights: Record<string, Fraction>, counts: Counts): Counts {
  const result: Counts = {}
  let open = Object.keys(weights)
  let left = number
  for (;;) {
    const total = open.map((risk) => weights[risk]!).reduce(plus, ZERO)
    const isFull = (risk: string) => compare(times(whole(left), weights[risk]!), times(whole(counts[risk]!), total)) >= 0
    const full = total.n === 0n ? [] : open.filter(isFull)
    if (!full.length) return mapped(counts, (risk) => result[risk] ?? withRemainders(open, weights, left, total)[risk]!)
    for (const risk of full) left -= result[risk] = counts[risk]!
    open = open.filter((risk) => result[risk] === undefined)
  }
}

function withRemainders(open: string[], weights: Record<string, Fraction>, left: number, total: Fraction): Counts {
  const rank = (risk: string) => RISKIEST_FIRST.indexOf(risk as never)
  const shares = open.map((risk) => {
    const { n, d } = total.n === 0n ? ZERO : times(times(whole(left), weights[risk]!), { n: total.d, d: total.n })
    return { risk, floor: Number(n / d), rest: { n: n % d, d } }
  })
  const over = left - sum(shares.map((share) => share.floor))
  shares.sort((a, b) => compare(b.rest, a.rest) || rank(a.risk) - rank(b.risk))
  return Object.fromEntries(shares.map((share, at) => [share.risk, share.floor + (at < over ? 1 : 0)]))
}

const isClass = (risk: string): boolean => (CLASSES as readonly string[]).includes(risk)
const sum = (numbers: number[]): number => numbers.reduce((a, b) => a + b, 0)

function onlyPresent(count: (risk: string) => number): Counts {
  return Object.fromEntries(CLASSES.map((risk) => [risk, count(risk)] as const).filter(([, n]) => n))
}

function mapped<T, U>(by: Record<string, T>, made: (risk: string, value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(by).map(([risk, value]) => [risk, made(risk, value)]))
}
