import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { canonical, digest, sha256Hex } from './canonical'
import { rootByPath, rootOf, treeHash } from './lot'
import type { Bundle } from './lot.bundle'
import { checkProof, type NamedProof, type Proof, proofFromText, subjectOf } from './lot.proof'
import { seededDraw } from './lot.seeded'
import { type Counts, quotas, refuseImpossible, type Rules } from './lot.quota'
import { bits, commitment, newSecret, typedValue } from './lot.sources'
import { signatureChecker, verify } from './lot.verify'
import { Refused } from './refused'
import { fromHex, hmac, sha256, toHex, utf8 } from './sha256'

interface Edit { path?: string; remove?: string; value?: unknown }
interface BundleCase { name: string; earlier: string[]; failed: string[]; warned: string[]; bundle: Bundle }
interface Vectors {
  hmac_sha256: { key: string; message: string; mac: string }[]
  hkdf_rfc5869: { ikm: string; salt: string; info: string; length: number; prk: string; okm: string }[]
  sha256: { message: string; hash: string }[]
  merkle_rfc6962: { leaf_inputs: string[]; roots: string[] }
  canonical: { value: unknown; text: string }[]
  canonical_refused_json: string[]
  typed_values: [string, string][]
  bits: [string, string, number][]
}

const read = <T>(name: string): T => JSON.parse(readFileSync(`../tests/cases/draw_${name}.json`, 'utf8')) as T
const vectors = read<Vectors>('vectors')
const files = ['bundles', 'bundles_more', 'bundles_below'].map((name) => read<{ public_keys: Record<string, string>; cases: BundleCase[] }>(name))
const frozen = {
  public_keys: Object.assign({}, ...files.map((one) => one.public_keys)) as Record<string, string>,
  cases: files.flatMap((one) => one.cases),
}
const caseOf = (name: string) => frozen.cases.find((one) => one.name === name)!
const publicKey = signatureChecker(frozen.public_keys)
const earlierOf = (one: BundleCase) => one.earlier.map((name) => caseOf(name).bundle)

describe('vectors of the standards', () => {
  it.each(vectors.hmac_sha256)('HMAC $mac', ({ key, message, mac }) => {
    const bytes = fromHex(message)
    expect(toHex(hmac(fromHex(key))(bytes))).toBe(mac)
    expect(toHex(hmac(fromHex(key), bytes.subarray(0, 5))(bytes.subarray(5)))).toBe(mac)
  })
  it.each(vectors.hkdf_rfc5869)('HKDF $okm', ({ ikm, salt, info, length, prk, okm }) => {
    const extracted = hmac(fromHex(salt))(fromHex(ikm))
    expect(toHex(extracted)).toBe(prk)
    let block: Uint8Array = new Uint8Array()
    let text = ''
    for (let at = 1; text.length < 2 * length; at++) {
      block = hmac(extracted, Uint8Array.from([...block, ...fromHex(info)]))(Uint8Array.of(at))
      text += toHex(block)
    }
    expect(text.slice(0, 2 * length)).toBe(okm)
  })
  it.each(vectors.sha256)('SHA-256 $hash', async ({ message, hash }) => {
    expect(toHex(sha256(fromHex(message)))).toBe(hash)
    expect(await sha256Hex(Uint8Array.from(fromHex(message)))).toBe(hash)
  })
  it('SHA-256 of every length around the block edges, as WebCrypto', async () => {
    for (let length = 0; length < 200; length++) {
      const bytes = Uint8Array.from({ length }, (_, at) => at)
      expect(toHex(sha256(bytes.subarray(0, length / 3), bytes.subarray(length / 3)))).toBe(await sha256Hex(bytes))
    }
  })
  it('the tree has the shape of RFC 6962', () => {
    const { leaf_inputs, roots } = vectors.merkle_rfc6962
    const leaves = leaf_inputs.map((one) => sha256(Uint8Array.of(0), fromHex(one)))
    expect(roots.map((_, size) => toHex(treeHash(leaves.slice(0, size))))).toEqual(roots)
  })
  it('a path of one leaf is empty and no other', () => {
    const leaf = toHex(sha256(utf8('one')))
    expect(rootByPath(leaf, 0, 1, [])).toBe(rootOf([leaf]))
    expect(() => rootByPath(leaf, 0, 1, [leaf])).toThrow()
  })
  it.each(vectors.canonical)('canonical $text', async ({ value, text }) => {
    expect(canonical(value)).toBe(text)
    expect(await digest(value)).toBe(await sha256Hex(utf8(text)))
  })
  it.each(vectors.canonical_refused_json)('no canonical form of %s', (text) => {
    expect(() => canonical(JSON.parse(text))).toThrow()
  })
  it.each([undefined, Symbol('x'), 1n, NaN, new Map(), new Date(0), { a: undefined }])('no canonical form of %s', (value) => {
    expect(() => canonical(value)).toThrow()
  })
  it.each(vectors.typed_values)('typed %j is %j', (typed, value) => expect(typedValue(typed)).toBe(value))
  it.each(vectors.bits)('chance in %s %s: %i bits', (kind, value, expected) => expect(bits(kind, value)).toBe(expected))
})

describe('quotas', () => {
  it.each(read<{ name: string; rules: Rules; counts: Counts; quotas?: Counts; refused?: string }[]>('quotas'))('$name', (one) => {
    const asked = () => (refuseImpossible(one.rules), quotas(one.rules, one.counts))
    if (one.quotas) expect(asked()).toEqual(one.quotas)
    else expect(asked).toThrow(expect.objectContaining({ code: one.refused }))
  })
})

describe('bundles', () => {
  it.each(['example_exact_40', 'example_at_least_200'])('%s comes out the same', async (name) => {
    const result = await verify(read<Bundle>(name))
    expect(result.checks.filter((check) => !check.ok)).toEqual([])
    expect(result.checks.filter((check) => check.warning).map((check) => check.code)).toEqual(['signature'])
  })
  it.each(frozen.cases)('$name', async (one) => {
    const result = await verify(one.bundle, { publicKey, earlier: earlierOf(one) })
    expect(result.checks.filter((check) => !check.ok).map((check) => check.code)).toEqual(one.failed)
    expect(result.checks.filter((check) => check.warning).map((check) => check.code)).toEqual(one.warned)
  })
  it.each(read<{ base: string; name: string; edits: Edit[]; failed: string[] }[]>('tampering'))('$base, $name: is named', async (one) => {
    const base = caseOf(one.base)
    const { signature, ...unsigned } = edited(base.bundle, one.edits)
    const failed = async (bundle: Bundle) => {
      const result = await verify(bundle, { publicKey, earlier: earlierOf(base) })
      return result.checks.filter((check) => !check.ok).map((check) => check.code)
    }
    expect(await failed(unsigned)).toEqual(one.failed)
    expect(await failed({ ...unsigned, signature } as Bundle)).toEqual([...one.failed, 'signature'])
  })
  it.each([null, 7, 'text', [], {}])('nonsense %j fails and does not throw', async (nonsense) => {
    expect((await verify(nonsense as unknown as Bundle)).ok).toBe(false)
  })
})

it('nonsense beside a bundle fails and does not throw', async () => {
  const result = await verify(caseOf('inspectors').bundle, { publicKey, earlier: [{ commit: 1.5 } as unknown as Bundle] })
  expect(result.checks.filter((check) => !check.ok).map((check) => check.code)).toEqual(['ineligible', 'teams', 'shortfalls'])
})

it('a hundred thousand subjects come out the same as in Python', async () => {
  const wanted = read<{ seed: string; count: number; ratio: string } & Record<string, unknown>>('seeded')
  const { bundle, hashes } = seededDraw(wanted.seed, wanted.count, wanted.ratio)
  expect({ seed: wanted.seed, count: wanted.count, ratio: wanted.ratio, ...hashes }).toEqual(wanted)
  const result = await verify(bundle)
  expect(result.checks.filter((check) => !check.ok)).toEqual([])
})

it('a blind proof shows the same and names nobody', () => {
  const one = read<{ base: string; proof: NamedProof; failed: string[] }[]>('proofs').find((each) => !each.failed.length)!
  const { leaf, risk } = subjectOf(one.proof)
  const { commit_hash, index, path } = one.proof
  const bundle = caseOf(one.base).bundle
  expect(checkProof({ commit_hash, index, path, leaf, risk }, bundle).ok).toBe(true)
  expect(checkProof({ commit_hash, index, path, leaf: '0'.repeat(64), risk }, bundle).ok).toBe(false)
  const packed = Uint8Array.from([2, ...fromHex(commit_hash + leaf), 0, 0, 0, index, path.length, ...fromHex(path.join('')), risk.charCodeAt(0)])
  const text = btoa(String.fromCharCode(...packed)).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
  expect(proofFromText(text)).toEqual({ commit_hash, index, path, leaf, risk })
})

describe('draw proofs', () => {
  it.each(read<{ base: string; proof: Proof; text: string; failed: string[] }[]>('proofs'))('failing $failed', (one) => {
    expect(proofFromText(one.text)).toEqual(one.proof)
    const result = checkProof(one.proof, caseOf(one.base).bundle)
    expect(result.checks.filter((check) => !check.ok).map((check) => check.code)).toEqual(one.failed)
  })
  it.each(['', 'AAAA', '!!', 'AQ'])('unreadable %j', (text) => expect(() => proofFromText(text)).toThrow(Refused))
})

it('a fresh secret makes a commitment that can be revealed', () => {
  const secret = newSecret()
  expect(secret).toMatch(/^[0-9a-f]{32}$/)
  expect(commitment('d', 'p', secret)).toBe(toHex(sha256(utf8(`d\x1fp\x1f${secret}`))))
})

function edited(bundle: Bundle, edits: Edit[]): Bundle {
  const copy = JSON.parse(JSON.stringify(bundle)) as Record<string, unknown>
  for (const edit of edits) {
    const way = (edit.path ?? edit.remove)!.split('/')
    const last = way.pop()!
    const place = way.reduce((at, step) => at[step] as Record<string, unknown>, copy)
    if (edit.remove) delete place[last]
    else place[last] = edit.value
  }
  return copy as unknown as Bundle
}
