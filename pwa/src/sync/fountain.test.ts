import { describe, expect, it } from 'vitest'
import { BLOCK, filmOf, fromBase45, toBase45, watchFilm } from './frames'
import { blocksIn, collectorOf, fountainOf } from './fountain'

/** The same losses on every run. */
function dice(seed: number): () => number {
  let x = seed
  return () => ((x = (x * 48_271) % 0x7fffffff) / 0x7fffffff)
}
const bytesOf = (length: number, seed = 1): Uint8Array<ArrayBuffer> => {
  const next = dice(seed)
  return Uint8Array.from({ length }, () => Math.floor(next() * 256))
}

describe('the fountain', () => {
  it('gives the whole back although three to five of ten pictures are lost', () => {
    for (const loss of [0.3, 0.4, 0.5]) for (const length of [1, 479, 480, 481, 3_000, 9_600, 24_000]) for (const seed of [7, 8, 9]) {
      const message = bytesOf(length, seed)
      const { blocks, drop } = fountainOf(message, BLOCK)
      const collector = collectorOf(length, BLOCK)
      const next = dice(seed * 31)
      let [n, came] = [0, 0]
      while (!collector.message() && n < 10_000) {
        if (next() >= loss) {
          collector.take({ n, bytes: drop(n) })
          came += 1
        }
        n += 1
      }
      expect(collector.message()).toEqual(message)
      // What came may exceed the blocks by the odd dependent sum, never by half.
      expect(came).toBeLessThan(blocks + 16)
    }
  })

  it('begins anywhere, in any order, and takes a drop twice without harm', () => {
    const message = bytesOf(5_000)
    const { drop } = fountainOf(message, BLOCK)
    const collector = collectorOf(message.length, BLOCK)
    for (const n of [900, 3, 901, 902, 3, 903, 904, 905, 906, 907, 1, 908, 909, 910, 911, 912, 913, 914]) collector.take({ n, bytes: drop(n) })
    expect(collector.message()).toEqual(message)
    expect(collector.take({ n: 900, bytes: drop(900) })).toBe(false)
  })

  it('chooses about half of the blocks and never none', () => {
    const sizes = Array.from({ length: 500 }, (_, n) => blocksIn(20 + n, 20).length)
    expect(Math.min(...sizes)).toBeGreaterThan(0)
    expect(sizes.reduce((sum, one) => sum + one, 0) / sizes.length).toBeCloseTo(10, 0)
  })
})

describe('the film', () => {
  it('packs bytes as RFC 9285 does', () => {
    expect(toBase45(new TextEncoder().encode('AB'))).toBe('BB8')
    expect(toBase45(new TextEncoder().encode('base-45'))).toBe('UJCLQE7W581')
    expect(new TextDecoder().decode(fromBase45('QED8WEX0')!)).toBe('ietf!')
    for (const bad of [':::', 'A', 'abc', 'ZZZ']) expect(fromBase45(bad)).toBeNull()
  })

  it('is watched picture by picture, passing over other codes', async () => {
    const message = bytesOf(2_000)
    const film = await filmOf(message)
    const watch = watchFilm()
    expect(await watch('https://example.org/')).toBeNull()
    expect(await watch('OV1:AAA')).toBeNull()
    expect((await watch(film.picture(0)))!.have).toBe(1)
    expect((await watch(film.picture(0)))!.have).toBe(1)
    for (const n of [7, 12, 3]) await watch(film.picture(n))
    let last = await watch(film.picture(40))
    for (let n = 41; !last!.message; n += 1) last = await watch(film.picture(n))
    expect(last!.message).toEqual(message)
  })

  it('starts over when another film is shown, and never gives out a harmed message', async () => {
    const [one, other] = [await filmOf(bytesOf(900, 3)), await filmOf(bytesOf(900, 4))]
    const watch = watchFilm()
    await watch(one.picture(0))
    expect((await watch(other.picture(0)))).toMatchObject({ have: 1, fresh: true })
    const forged = toBase45(Uint8Array.from(fromBase45(one.picture(1).slice(4))!, (byte, at) => (at === 100 ? byte ^ 1 : byte)))
    await watch(one.picture(0))
    expect((await watch(`OV1:${forged}`))).toMatchObject({ message: null, have: 0 })
  })
})
