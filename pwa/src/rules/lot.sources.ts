// Where does the chance of a draw come from, and may it be trusted? Twin of backend/onevisit/draws/sources.py.
import { Refused } from './refused'
import { sha256, toHex, utf8 } from './sha256'

export interface Source { id: string; kind: string; commitment: string | null }
export interface Reveal { id: string; value: string }

const KINDS = ['commit_reveal', 'lottery', 'beacon', 'dice']
const LEAST_BITS = 128
const BLANKS = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/

/** A fresh secret for `commit_reveal`: 16 random bytes; it stays in this browser until the reveal. */
export function newSecret(): string {
  return toHex(crypto.getRandomValues(new Uint8Array(16)))
}

/** What a party publishes before anybody reveals: H(draw ‖ 0x1f ‖ id ‖ 0x1f ‖ r). */
export function commitment(draw: string, source: string, value: string): string {
  return toHex(sha256(utf8([draw, source, value].join('\x1f'))))
}

/** A typed public result in the one spelling: NFC, ASCII digits, single blanks. */
export function typedValue(value: string): string {
  const ascii = value.replace(/\p{Nd}/gu, (sign) => String(digitOf(sign.codePointAt(0)!)))
  return ascii.normalize('NFC').split(BLANKS).filter(Boolean).join(' ')
}

/** How much chance a value can hold, counted low: two lottery digits three bits, a die two and a half. */
export function bits(kind: string, value: string): number {
  const count = (signs: RegExp) => value.match(signs)?.length ?? 0
  if (kind === 'lottery') return Math.floor((count(/[0-9]/g) * 3) / 2)
  if (kind === 'dice') return Math.floor((count(/[1-6]/g) * 5) / 2)
  return count(/[0-9a-f]/gi) * 4
}

/** Before the commit: at least two parties, commitments exactly where they belong. */
export function refuseWeakSources(sources: Source[]): void {
  if (sources.length < 2 || new Set(sources.map((source) => source.id)).size < sources.length) {
    throw new Refused('draws.sources_too_few', '至少要有两个不同方提供的随机来源。')
  }
  for (const { id, kind, commitment: committed } of sources) {
    if (!KINDS.includes(kind) || !id) throw new Refused('draws.source_unknown', `没有“${kind}”这种随机来源。`)
    const fits = kind === 'commit_reveal' ? /^[0-9a-f]{64}$/.test(committed ?? '') : committed === null
    if (!fits) throw new Refused('draws.commitment_missing', `${id}的承诺值缺少或写法不对。`)
  }
}

/** At the reveal: the value must be well written and be the one that was committed to. */
export function refuseBadReveal(draw: string, source: Source, value: string): void {
  if (source.kind !== 'commit_reveal') {
    if (value && value === typedValue(value)) return
    throw new Refused('draws.reveal_malformed', `${source.id}的结果写法不对：只用半角数字，数字之间空一格。`)
  }
  if (!/^([0-9a-f]{2}){16,}$/.test(value)) {
    throw new Refused('draws.reveal_malformed', `${source.id}的揭示值写法不对，应为至少32位小写十六进制。`)
  }
  if (commitment(draw, source.id, value) !== source.commitment) {
    throw new Refused('draws.reveal_mismatch', `${source.id}的揭示值与承诺值不符。`)
  }
}

/** Before the key: every source revealed, in commit order, and enough chance together. */
export function refuseWeakReveals(sources: Source[], reveals: Reveal[]): void {
  const given = new Set(reveals.map((reveal) => reveal.id))
  const missing = sources.map((source) => source.id).filter((id) => !given.has(id))
  if (missing.length) throw new Refused('draws.reveal_missing', `还没有揭示：${missing.join('、')}。缺任何一方，本次抽取作废。`)
  if (reveals.length !== sources.length || reveals.some((reveal, at) => reveal.id !== sources[at]!.id)) {
    throw new Refused('draws.reveals_disordered', '揭示值与承诺中的随机来源不是一一对应。')
  }
  const together = sources.reduce((sum, source, at) => sum + bits(source.kind, reveals[at]!.value), 0)
  if (together < LEAST_BITS) throw new Refused('draws.chance_too_small', `随机来源合计只有${together}比特，至少要${LEAST_BITS}比特。`)
}

// Unicode keeps decimal digits in runs of ten; only the mathematical ones stand in a row of five runs.
function digitOf(code: number): number {
  if (code >= 0x1d7ce && code <= 0x1d7ff) return (code - 0x1d7ce) % 10
  let digit = 0
  while (digit < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - digit - 1))) digit++
  return digit
}
