/** Does the public check say the truth about bundles, and say it in words? */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Bundle } from '../../../rules/lot.bundle'
import { check, commitOf, NotABundle, withOneDigitChanged } from './check'
import { compared, percentWords, splitTellsNobody, verdictOf } from './checkWords'
import { standingOf } from './ownProof'

interface Kept { name: string; earlier: string[]; failed: string[]; warned: string[]; bundle: Bundle }
const read = <T>(name: string): T => JSON.parse(readFileSync(`../tests/cases/draw_${name}.json`, 'utf8')) as T
const { cases, public_keys: keys } = read<{ public_keys: Record<string, string>; cases: Kept[] }>('bundles')
const [kid, pem] = Object.entries(keys)[0]!
const key = { kid, pem }
const textOf = (one: Kept): string => JSON.stringify(one.bundle)
const good = cases.find((one) => !one.failed.length && !one.warned.length && one.bundle.status === 'drawn' && one.bundle.selected.length > 1 && !one.earlier.length)!
const voided = cases.find((one) => one.bundle.status === 'voided' && !one.failed.length)!

describe('the check of a file', () => {
  it.each(cases)('finds in "$name" what is known of it', async (one) => {
    const earlier = one.earlier.map((name) => textOf(cases.find((other) => other.name === name)!))
    const { verification: { checks }, bundle } = await check({ texts: [...earlier, textOf(one)], key })
    expect(bundle).toEqual(one.bundle)
    expect(checks.filter((each) => !each.ok).map((each) => each.code)).toEqual(one.failed)
    expect(checks.filter((each) => each.warning).map((each) => each.code)).toEqual(one.warned)
  })

  it('leaves only the signature open without the published key', async () => {
    const { verification } = await check({ texts: [textOf(good)], key: null })
    expect(verification.checks.filter((each) => each.warning).map((each) => each.code)).toEqual(['signature'])
  })

  it.each(['', 'not json', '[]', '{}', 'null', '"commit"'])('refuses %j as no bundle', async (text) => {
    await expect(check({ texts: [text], key })).rejects.toBeInstanceOf(NotABundle)
  })

  it.each(['{"commit":null}', '{"commit":{"n":1.5}}'])('names what is wrong with %s and does not fail itself', async (text) => {
    const checked = await check({ texts: [text], key })
    expect(checked.verification.ok).toBe(false)
    expect(verdictOf(checked, null).title).toContain('文件格式')
    expect(() => checked.verification.checks.map((each) => compared(each, checked.bundle))).not.toThrow()
  })

  it('names the checks that one changed digit breaks', async () => {
    const change = withOneDigitChanged(good.bundle, () => 0.3)!
    expect(change.was).not.toBe(change.now)
    const { verification } = await check({ texts: [change.text], key })
    expect(verification.checks.filter((each) => !each.ok).map((each) => each.code)).toEqual(expect.arrayContaining(['class_roots', 'pool_root', 'signature']))
  })
})

describe('the verdict', () => {
  it('is one sentence about a draw that fits', async () => {
    const checked = await check({ texts: [textOf(good)], key })
    expect(verdictOf(checked, commitOf(good.bundle)!)).toMatchObject({ ok: true, title: `相符。这次抽取可以重算，${good.bundle.selected.length} 户与公布名单逐一相同。` })
    for (const one of checked.verification.checks) expect(compared(one, good.bundle).sentence).not.toBe('')
  })
  it('does not take the file of another draw for this one', async () => {
    expect(verdictOf(await check({ texts: [textOf(good)], key }), 'f'.repeat(64))).toMatchObject({ ok: false, title: expect.stringContaining('不是本页的这次抽取') as unknown })
  })
  it('says of a voided draw that nobody was drawn', async () => {
    expect(verdictOf(await check({ texts: [textOf(voided)], key }), null).title).toContain('已经作废')
  })
  it.each([['0.5', '50%'], ['0.05', '5%'], ['1', '100%'], ['0.125', '12.5%'], ['0.333', '33.3%']])('says %s as %s', (decimal, percent) => expect(percentWords(decimal)).toBe(percent))
  it('keeps the split of a draw from a single class to itself', () => {
    const strata = [{ risk: 'A', count: 9, quota: 0, root: '' }, { risk: 'D', count: 4, quota: 1, root: '' }]
    const one = { ...good.bundle, commit: { ...good.bundle.commit, pool: { ...good.bundle.commit.pool, strata } } }
    expect(splitTellsNobody(one)).toBe(false)
    expect(compared({ code: 'quotas', ok: true, warning: false, compared: 2, detail: '' }, one).sentence).not.toContain('分为')
  })
})

describe('a proof of one’s own', () => {
  const proofs = read<{ base: string; text: string; failed: string[] }[]>('proofs')
  it.each(proofs.map((one, at) => [at, one] as const))('no. %i stands where the lot put it', (_, { base, text, failed }) => {
    const { bundle } = cases.find((one) => one.name === base)!
    const standing = standingOf(text, bundle)
    if ('refused' in standing) throw new Error(standing.refused)
    expect(standing.checks.filter((one) => !one.ok).map((one) => one.code)).toEqual(failed)
    if (!failed.length && bundle.leaves.length) {
      expect(standing.rank).toBeGreaterThan(0)
      expect(standing.rank).toBeLessThanOrEqual(standing.quota)
      expect(standing.marks.filter((one) => one.mine)).toHaveLength(1)
    }
  })
  it('that cannot be read is refused in words', () => {
    expect(standingOf('AAAA', good.bundle)).toEqual({ refused: expect.stringContaining('读不出来') as unknown })
  })
})
