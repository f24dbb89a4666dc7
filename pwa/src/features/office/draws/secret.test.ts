import { beforeEach, describe, expect, it, vi } from 'vitest'
import { hashOf } from '../../../rules/lot'
import { commitment } from '../../../rules/lot.sources'
import { keptSecret, makeSecret, typedSecret, whyNotReveal } from './secret'

const DRAW = '632525-2026-26-1-1'

beforeEach(() => {
  const kept = new Map<string, string>()
  vi.stubGlobal('localStorage', { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) })
})

describe('a party’s random number', () => {
  it('is made once and kept', () => {
    const first = makeSecret(DRAW, '公安局')
    expect(makeSecret(DRAW, '公安局')).toEqual(first)
    expect(keptSecret(DRAW, '公安局')).toBe(first.value)
    expect(first.value).toMatch(/^[0-9a-f]{32}$/)
  })

  it.each([['00112233 44556677 8899AABB ccddeeff', '00112233445566778899aabbccddeeff'], ['0011', null], ['', null]])('typed from a slip: %s', (typed, value) => expect(typedSecret(typed)).toBe(value))
})

describe('revealing only to a commit that contains the own commitment', () => {
  const value = 'ab'.repeat(16)
  const commit = { draw: DRAW, sources: [{ id: '公安局', kind: 'commit_reveal', commitment: commitment(DRAW, '公安局', value) }] }
  const party = { draw: DRAW, source: '公安局', value }

  it('reveals to the right one', () => expect(whyNotReveal(commit, hashOf(commit), party)).toBeNull())
  it.each([
    ['no commit', null, null, party],
    ['another hash', commit, '0'.repeat(64), party],
    ['another draw', { ...commit, draw: 'x' }, hashOf({ ...commit, draw: 'x' }), party],
    ['no number here', commit, hashOf(commit), { ...party, value: null }],
    ['another number', commit, hashOf(commit), { ...party, value: 'cd'.repeat(16) }],
    ['another party', commit, hashOf(commit), { ...party, source: '卫健局' }],
  ])('refuses: %s', (_, said, hash, whose) => expect(whyNotReveal(said, hash, whose)).toBeTruthy())
})
