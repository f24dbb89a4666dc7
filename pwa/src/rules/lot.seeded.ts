/** A draw made from a seed alone: twin of tests/draws/made.py. For tests and for measuring. */
import { canonical } from './canonical'
import { hashOf, keyOf, leafOf, lotOf, rootOf, rootsByClass } from './lot'
import type { Bundle, Commit } from './lot.bundle'
import { CLASSES, quotas, type Rules } from './lot.quota'
import { commitment } from './lot.sources'
import { sha256, toHex, utf8 } from './sha256'

const RISKS = 'ABBBBBBCCD'
const MULTIPLIERS = { A: '0.5', B: '1', C: '2', D: '5', '-': '1' }
const hashed = (text: string): string => toHex(sha256(utf8(text)))

/** The public bundle, unsigned, and the hashes that the repository keeps of it. */
export function seededDraw(seed: string, count: number, ratio: string): { bundle: Bundle; hashes: Record<string, unknown> } {
  const frozen = Array.from({ length: count }, (_, at) => {
    const block = hashed(`${seed}|${at >> 1}`)
    const entry = { id: `${seed}-${String(at).padStart(6, '0')}`, name: `示例企业${at}号`, region: '632525', risk: RISKS[at % 10]! }
    return { leaf: leafOf(at % 2 ? block.slice(32) : block.slice(0, 32), entry), risk: entry.risk }
  }).sort((a, b) => (a.leaf < b.leaf ? -1 : 1))
  const leaves = frozen.map((one) => one.leaf)
  const risks = frozen.map((one) => one.risk)
  const rules: Rules = { ratio, bound: 'exact', class_ratios: null, multipliers: MULTIPLIERS, rounding: 'ceil', number: null, batch: null }
  const roots = rootsByClass(leaves, risks)
  const counts = Object.fromEntries(CLASSES.map((risk) => [risk, risks.filter((one) => one === risk).length]).filter(([, number]) => number))
  const quota = quotas(rules, counts)
  const sources = ['甲方', '乙方'].map((id) => ({ id, value: hashed(`${seed}|${id}`).slice(0, 32) }))
  const commit: Commit = {
    format: 'onevisit-draw/1', draw: seed, task: seed, region: '632525', scope: '示例范围',
    pool: { root: rootOf(leaves), count, strata: Object.keys(roots).map((risk) => ({ risk, count: counts[risk]!, quota: quota[risk]!, root: roots[risk]! })) },
    excluded: { root: rootOf([]), count: 0, reasons: [] },
    inspectors: { root: rootOf([]), count: 0 },
    match: { lead: '632525-scjg', departments: ['632525-scjg'], k: 2, specialities: {} },
    changes: { since: null, added: 0, removed: 0, changed: 0 },
    rules,
    sources: sources.map(({ id, value }) => ({ id, kind: 'commit_reveal', commitment: commitment(seed, id, value) })),
    closes_at: '2027-01-01T00:00:00Z',
  }
  const commit_hash = hashOf(commit)
  const key = keyOf(commit_hash, sources)
  const lot = lotOf(leaves, risks, quota, key)
  const bundle: Bundle = {
    format: 'onevisit-draw/1', status: 'drawn', commit, commit_hash, sources, key,
    leaves: leaves.map((leaf, at) => ({ leaf, risk: risks[at]!, ticket: lot.tickets[at]! })),
    selected: lot.selected, thresholds: lot.thresholds, shortfalls: [], events: [],
  }
  const hashes = {
    commit_hash, pool_root: commit.pool.root, quotas: quota, key, thresholds: lot.thresholds,
    selected: hashed(canonical(lot.selected)), public_bundle: hashed(canonical(bundle)),
  }
  return { bundle, hashes }
}
