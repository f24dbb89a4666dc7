/** Where does a party's random number live? In this browser alone, until the party itself reveals it (draw.md §3). */
import { commitment, newSecret } from '../../../rules/lot.sources'
import { hashOf } from '../../../rules/lot'

const keyOf = (draw: string, source: string): string => `onevisit-draw-secret|${draw}|${source}`

export function keptSecret(draw: string, source: string): string | null {
  return localStorage.getItem(keyOf(draw, source))
}

/** Made once: a second press must not lose the number behind a commitment that was sent. */
export function makeSecret(draw: string, source: string): { value: string; commitment: string } {
  const value = keptSecret(draw, source) ?? newSecret()
  localStorage.setItem(keyOf(draw, source), value)
  return { value, commitment: commitment(draw, source, value) }
}

/** From the printed slip, on another computer. */
export function typedSecret(typed: string): string | null {
  const value = typed.toLowerCase().replace(/[^0-9a-f]/g, '')
  return /^([0-9a-f]{2}){16,}$/.test(value) ? value : null
}

export interface Party { draw: string; source: string; value: string | null }
interface CommitLike { draw?: unknown; sources?: { id: string; kind: string; commitment: string | null }[] }

/** What speaks against revealing; null: this browser itself recomputed the commit and found its own commitment in it. */
export function whyNotReveal(commit: unknown, commitHash: string | null, party: Party): string | null {
  if (!commit || !commitHash) return '承诺值还没有公布。'
  const said = commit as CommitLike
  if (hashOf(commit) !== commitHash) return '公布的承诺值与内容不符，不能揭示。请联系联席会议办公室。'
  if (said.draw !== party.draw) return '承诺内容不是这次抽取，不能揭示。'
  if (!party.value) return '这台电脑没有您的随机数，请照打印条录入。'
  const own = said.sources?.find((one) => one.id === party.source)
  if (own?.commitment !== commitment(party.draw, party.source, party.value)) return '承诺内容里没有您的承诺（或随机数录错），不能揭示。'
  return null
}
