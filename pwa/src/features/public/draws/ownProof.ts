/** Where does one subject's ticket stand among those of its class? Read in the browser only. */
import type { Bundle } from '../../../rules/lot.bundle'
import { checkProof, proofFromText, subjectOf, type ProofCheck } from '../../../rules/lot.proof'
import { Refused } from '../../../rules/refused'

export interface Standing {
  ok: boolean
  checks: ProofCheck[]
  leaf: string
  /** 1 is the smallest ticket. */
  rank: number
  count: number
  quota: number
  threshold: string | null
  /** Tickets as parts of the whole range, 0 to 1, and which of them was drawn. */
  marks: { at: number; drawn: boolean; mine: boolean }[]
}

/** As many lines as the eye can tell apart. */
const MOST_MARKS = 300

/** A ticket's place in the range of all tickets; eight digits are finer than any screen. */
export const placeOf = (ticket: string): number => Number.parseInt(ticket.slice(0, 8), 16) / 0xffffffff

export function standingOf(text: string, bundle: Bundle): Standing | { refused: string } {
  try {
    const proof = proofFromText(text)
    const { ok, checks } = checkProof(proof, bundle)
    const { leaf, risk } = subjectOf(proof)
    const peers = bundle.leaves.filter((one) => one.risk === risk && one.ticket !== null).sort((a, b) => (a.ticket! < b.ticket! ? -1 : 1))
    const drawn = new Set(bundle.selected)
    const step = Math.max(1, Math.ceil(peers.length / MOST_MARKS))
    const marks = peers
      .map((one) => ({ at: placeOf(one.ticket!), drawn: drawn.has(one.leaf), mine: one.leaf === leaf }))
      .filter((one, at) => one.mine || one.drawn || at % step === 0)
    const stratum = bundle.commit.pool.strata.find((one) => one.risk === risk)
    return { ok, checks, leaf, rank: peers.findIndex((one) => one.leaf === leaf) + 1, count: peers.length, quota: stratum?.quota ?? 0, threshold: bundle.thresholds[risk] ?? null, marks }
  } catch (error) {
    return { refused: error instanceof Refused ? error.detail : '抽取证明与这次抽取的文件对不上，读不出来。' }
  }
}
