// "Was I in the pool, and is my ticket below the line?" The draw proof from a notice's QR code: twin of draws/proof.py.
import { hashOf, leafOf, rootByPath, ticketsOf } from './lot'
import type { Bundle, SubjectEntry } from './lot.bundle'
import { Refused } from './refused'
import { toHex } from './sha256'

/** Of a sensitive task the code names nobody: it has leaf and class, and the subject holds entry and salt on paper. */
export interface NamedProof { commit_hash: string; salt: string; entry: SubjectEntry; index: number; path: string[] }
export interface BlindProof { commit_hash: string; leaf: string; risk: string; index: number; path: string[] }
export type Proof = NamedProof | BlindProof
export interface ProofCheck { code: 'commit_hash' | 'in_pool' | 'ticket' | 'drawn'; ok: boolean; detail: string }

const NAMED = 1
const BLIND = 2

/** The leaf that a proof is about, and its class. */
export const subjectOf = (proof: Proof): { leaf: string; risk: string } =>
  'leaf' in proof ? proof : { leaf: leafOf(proof.salt, proof.entry), risk: proof.entry.risk }

/** Read back from a QR code. */
export function proofFromText(text: string): Proof {
  try {
    const base64 = text.replaceAll('-', '+').replaceAll('_', '/')
    const packed = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
    let at = 0
    const take = (length: number) => {
      if (at + length > packed.length) throw new RangeError('too short')
      return packed.subarray(at, (at += length))
    }
    const version = take(1)[0]
    if (version !== NAMED && version !== BLIND) throw new RangeError('unknown version')
    const commit_hash = toHex(take(32))
    const who = toHex(take(version === NAMED ? 16 : 32))
    const index = take(4).reduce((number, byte) => number * 256 + byte, 0)
    const path = Array.from({ length: take(1)[0]! }, () => toHex(take(32)))
    const rest = new TextDecoder('utf-8', { fatal: true }).decode(packed.subarray(at))
    if (version === BLIND) return { commit_hash, leaf: who, risk: rest, index, path }
    return { commit_hash, salt: who, entry: JSON.parse(rest) as SubjectEntry, index, path }
  } catch {
    throw new Refused('draws.proof_unreadable', '抽取证明读不出来，可能没有扫全，请重新扫描。')
  }
}

/** Held against the public bundle. */
export function checkProof(proof: Proof, bundle: Bundle): { ok: boolean; checks: ProofCheck[] } {
  const { leaf, risk } = subjectOf(proof)
  const ticket = ticketsOf(bundle.key ?? '', [leaf])[0]!
  const stratum = bundle.commit.pool.strata.find((one) => one.risk === risk)
  const published = bundle.leaves.find((one) => one.leaf === leaf)?.ticket
  const threshold = bundle.thresholds[risk]
  const sameCommit = hashOf(bundle.commit) === bundle.commit_hash && bundle.commit_hash === proof.commit_hash
  const inPool = stratum !== undefined && leadsTo(stratum.root, () => rootByPath(leaf, proof.index, stratum.count, proof.path))
  const stated = bundle.status === 'drawn' && (!bundle.leaves.length || published === ticket)
  const checks: ProofCheck[] = [
    check('commit_hash', sameCommit, '证明所属的抽取与公布的抽取不是同一次，或公布内容被改动。'),
    check('in_pool', inPool, '这个检查对象不在承诺时的名单中。'),
    check('ticket', stated, bundle.status === 'drawn' ? '重算的抽取号与公布的不一致。' : '这次抽取已作废。'),
    check('drawn', threshold !== undefined && ticket <= threshold, '抽取号在抽中线之上，没有抽中。'),
  ]
  return { ok: checks.every((one) => one.ok), checks }
}

const check = (code: ProofCheck['code'], ok: boolean, detail: string): ProofCheck => ({ code, ok, detail: ok ? '' : detail })

function leadsTo(root: string, walked: () => string): boolean {
  try {
    return walked() === root
  } catch {
    return false
  }
}
