/** How do bytes cross a film of which pictures are lost? First each block once, then sums of blocks without end: any few more than there are blocks give the whole back. */

export interface Drop { n: number; bytes: Uint8Array }

/** Pieces of the message from `n` = 0 on; the first round is the message itself, so that a good film needs nothing else. */
export function fountainOf(message: Uint8Array, block: number): { blocks: number; drop: (n: number) => Uint8Array } {
  const blocks = Math.max(1, Math.ceil(message.length / block))
  const piece = (at: number): Uint8Array => {
    const bytes = new Uint8Array(block)
    bytes.set(message.subarray(at * block, (at + 1) * block))
    return bytes
  }
  return {
    blocks,
    drop(n) {
      const sum = new Uint8Array(block)
      for (const at of blocksIn(n, blocks)) add(sum, piece(at))
      return sum
    },
  }
}

/** Which blocks a drop is the sum of: known to both sides from its number alone. */
export function blocksIn(n: number, blocks: number): number[] {
  if (n < blocks) return [n]
  const next = numbersFrom(n)
  const chosen: number[] = []
  for (let at = 0; at < blocks; at += 1) if (next() & 1) chosen.push(at)
  return chosen.length ? chosen : [next() % blocks]
}

export interface Collector {
  /** True when the drop brought something new. */
  take(drop: Drop): boolean
  /** How many blocks are settled, of how many. */
  have(): number
  /** The whole message, once there is enough of it. */
  message(): Uint8Array | null
}

/** Gathers drops by elimination over GF(2): every row keeps the sum of the blocks it names. */
export function collectorOf(length: number, block: number): Collector {
  const blocks = Math.max(1, Math.ceil(length / block))
  const rows = new Map<number, { names: Set<number>; bytes: Uint8Array }>()
  return {
    take({ n, bytes }) {
      if (bytes.length !== block) return false
      const names = new Set(blocksIn(n, blocks))
      const sum = bytes.slice()
      for (;;) {
        const pivot = lowest(names)
        if (pivot === null) return false
        const row = rows.get(pivot)
        if (!row) {
          rows.set(pivot, { names, bytes: sum })
          return true
        }
        for (const name of row.names) if (!names.delete(name)) names.add(name)
        add(sum, row.bytes)
      }
    },
    have: () => rows.size,
    message() {
      if (rows.size < blocks) return null
      const whole = new Uint8Array(blocks * block)
      // From the last block back: each row then names only blocks that are already known.
      for (let pivot = blocks - 1; pivot >= 0; pivot -= 1) {
        const { names, bytes } = rows.get(pivot)!
        const sum = bytes.slice()
        for (const name of names) if (name !== pivot) add(sum, whole.subarray(name * block, (name + 1) * block))
        whole.set(sum, pivot * block)
      }
      return whole.subarray(0, length)
    },
  }
}

function lowest(names: ReadonlySet<number>): number | null {
  let found: number | null = null
  for (const name of names) if (found === null || name < found) found = name
  return found
}

function add(sum: Uint8Array, other: Uint8Array): void {
  for (let at = 0; at < sum.length; at += 1) sum[at]! ^= other[at]!
}

/** mulberry32. A shift register would not do: its bits are sums of its seed's, and sums of sums bring nothing new. */
function numbersFrom(seed: number): () => number {
  let state = Math.imul(seed + 1, 0x9e3779b1)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let x = Math.imul(state ^ (state >>> 15), state | 1)
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61)
    return (x ^ (x >>> 14)) >>> 0
  }
}
