/** Where does chance come from in a simulated phone? From the seed of the running step, so that a seed replays exactly. */

export interface Chance {
  next(): number
  below(n: number): number
  pick<T>(of: readonly T[]): T
  odds(probability: number): boolean
}

/** sfc32 over the text's hash: small, quick, good enough to draw faults with. */
export function chanceOf(seed: string): Chance {
  let [a, b, c, d] = [0x9e3779b9, 0x243f6a88, 0xb7e15162, 1779033703 ^ seed.length]
  for (let at = 0; at < seed.length; at += 1) {
    d = Math.imul(d ^ seed.charCodeAt(at), 3432918353)
    d = (d << 13) | (d >>> 19)
  }
  function next(): number {
    const t = (((a + b) | 0) + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + t) | 0
    return (t >>> 0) / 4294967296
  }
  for (let warm = 0; warm < 12; warm += 1) next()
  const below = (n: number): number => Math.floor(next() * n)
  return { next, below, pick: (of) => of[below(of.length)]!, odds: (probability) => next() < probability }
}
