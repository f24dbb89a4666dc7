/** Is what a bundle says true? Reads bundle files and recomputes them, wherever it runs. */
import { hashOf } from '../../../rules/lot'
import type { Bundle } from '../../../rules/lot.bundle'
import { signatureChecker, verify, type Verification, type VerifyOptions } from '../../../rules/lot.verify'

export interface Checking {
  /** The file to check, and those it rests on, in any order. */
  texts: string[]
  /** The server's published key; without it everything but the signature is recomputed. */
  key: { kid: string; pem: string } | null
}
export interface Checked { bundle: Bundle; verification: Verification; millis: number }

export class NotABundle extends Error {}

export async function check({ texts, key }: Checking, follow?: VerifyOptions['follow']): Promise<Checked> {
  const bundles = texts.map(read)
  const bundle = resting(bundles)
  const before = performance.now()
  // Only a page opened over https (or from this computer) has the browser's own signature check.
  const publicKey = key && globalThis.crypto?.subtle ? signatureChecker({ [key.kid]: key.pem }) : undefined
  const verification = await verify(bundle, { publicKey, earlier: bundles.filter((one) => one !== bundle), follow })
  return { bundle, verification, millis: performance.now() - before }
}

function read(text: string): Bundle {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new NotABundle('这个文件不是抽取文件：读不出 JSON。请选择从本平台下载的 .json 文件。')
  }
  if (typeof value !== 'object' || value === null || !('commit' in value)) throw new NotABundle('这个文件不是抽取文件：没有承诺部分。请选择从本平台下载的 .json 文件。')
  return value as Bundle
}

/** Of several files the one no other refers to: the draw that was made last. */
function resting(bundles: Bundle[]): Bundle {
  const referred = new Set(bundles.map((one) => one.commit?.subjects_draw))
  return bundles.find((one) => !referred.has(commitOf(one))) ?? bundles[0]!
}

export function commitOf(bundle: Bundle): string | undefined {
  try {
    return hashOf(bundle.commit)
  } catch {
    return undefined
  }
}

export interface Change { text: string; leaf: number; digit: number; was: string; now: string; hash: string }

/** The same file with one digit of one leaf changed, to see what the check says. */
export function withOneDigitChanged(bundle: Bundle, random: () => number = Math.random): Change | null {
  if (!bundle.leaves.length) return null
  const leaf = Math.floor(random() * bundle.leaves.length)
  const before = bundle.leaves[leaf]!.leaf
  const digit = Math.floor(random() * before.length)
  const was = before[digit]!
  const now = ((Number.parseInt(was, 16) + 1 + Math.floor(random() * 15)) % 16).toString(16)
  const hash = before.slice(0, digit) + now + before.slice(digit + 1)
  const leaves = bundle.leaves.map((one, at) => (at === leaf ? { ...one, leaf: hash } : one))
  return { text: JSON.stringify({ ...bundle, leaves }), leaf, digit, was, now, hash }
}
