// SHA-256 and HMAC without promises: a draw is a million small hashes, and WebCrypto costs ten times more for each.

const encoder = new TextEncoder()
export const utf8 = (text: string): Uint8Array<ArrayBuffer> => encoder.encode(text)

// The constants of FIPS 180-4: the first 32 bits of the fractions of the roots of the first primes.
const [K, H0] = constants()

/** A running SHA-256; `copy` makes a prepared beginning cheap to use again. */
export class Sha256 {
  private readonly state = new Int32Array(H0)
  private readonly block = new Uint8Array(64)
  private filled = 0
  private length = 0

  update(bytes: Uint8Array): this {
    this.length += bytes.length
    let at = 0
    while (at < bytes.length) {
      if (this.filled === 0 && bytes.length - at >= 64) {
        compress(this.state, bytes, at)
        at += 64
        continue
      }
      const taken = Math.min(64 - this.filled, bytes.length - at)
      for (let i = 0; i < taken; i++) this.block[this.filled + i] = bytes[at + i]!
      this.filled += taken
      at += taken
      if (this.filled === 64) {
        compress(this.state, this.block, 0)
        this.filled = 0
      }
    }
    return this
  }

  copyFrom(other: Sha256): this {
    this.state.set(other.state)
    if (other.filled) this.block.set(other.block)
    this.filled = other.filled
    this.length = other.length
    return this
  }

  /** Ends the hash and writes it; the instance is spent until the next `copyFrom` or `reset`. */
  digestInto(out: Uint8Array): Uint8Array {
    const { block, state, length } = this
    let at = this.filled
    block[at++] = 0x80
    if (at > 56) {
      while (at < 64) block[at++] = 0
      compress(state, block, 0)
      at = 0
    }
    while (at < 59) block[at++] = 0
    block[59] = length / 0x20000000 // the length in bits
    block[60] = length >>> 21
    block[61] = length >>> 13
    block[62] = length >>> 5
    block[63] = length << 3
    compress(state, block, 0)
    for (let i = 0; i < 8; i++) {
      const word = state[i]!
      out[4 * i] = word >>> 24
      out[4 * i + 1] = word >>> 16
      out[4 * i + 2] = word >>> 8
      out[4 * i + 3] = word
    }
    return out
  }

  reset(): this {
    this.state.set(H0)
    this.filled = 0
    this.length = 0
    return this
  }
}

const once = new Sha256()

/** SHA-256 of the parts, one after the other. */
export function sha256(...parts: Uint8Array[]): Uint8Array {
  once.reset()
  for (const part of parts) once.update(part)
  return once.digestInto(new Uint8Array(32))
}

/** HMAC-SHA-256 of `prefix` + message under a key of at most 64 bytes, with both pads hashed only once. */
export function hmac(key: Uint8Array, prefix: Uint8Array = new Uint8Array()): (message: Uint8Array) => Uint8Array {
  const padded = new Uint8Array(64)
  padded.set(key)
  const inner = new Sha256().update(padded.map((byte) => byte ^ 0x36)).update(prefix)
  const outer = new Sha256().update(padded.map((byte) => byte ^ 0x5c))
  const running = new Sha256()
  const between = new Uint8Array(32)
  return (message) => {
    running.copyFrom(inner).update(message).digestInto(between)
    return running.copyFrom(outer).update(between).digestInto(new Uint8Array(32))
  }
}

/** H(0x01 ‖ 64 bytes at `from`) written to `to` of the same row: two fixed blocks, because a tree has a million nodes. */
export function nodeHasher(): (row: Uint8Array, from: number, to: number) => void {
  const state = new Int32Array(8)
  const first = new Uint8Array(64)
  const second = new Uint8Array(64)
  first[0] = 1
  second[1] = 0x80
  second[62] = (65 * 8) >>> 8
  second[63] = (65 * 8) & 255
  return (row, from, to) => {
    for (let i = 0; i < 63; i++) first[i + 1] = row[from + i]!
    second[0] = row[from + 63]!
    state.set(H0)
    compress(state, first, 0)
    compress(state, second, 0)
    for (let i = 0; i < 8; i++) {
      const word = state[i]!
      row[to + 4 * i] = word >>> 24
      row[to + 4 * i + 1] = word >>> 16
      row[to + 4 * i + 2] = word >>> 8
      row[to + 4 * i + 3] = word
    }
  }
}

const DIGITS = utf8('0123456789abcdef')
const TICKET = new Uint8Array(64)

export function toHex(bytes: Uint8Array): string {
  const text = bytes.length === 32 ? TICKET : new Uint8Array(2 * bytes.length)
  for (let i = 0; i < bytes.length; i++) {
    text[2 * i] = DIGITS[bytes[i]! >>> 4]!
    text[2 * i + 1] = DIGITS[bytes[i]! & 15]!
  }
  return String.fromCharCode.apply(null, text as unknown as number[])
}

export function fromHex(text: string): Uint8Array {
  if (!/^([0-9a-f]{2})*$/.test(text)) throw new RangeError('not lower-case hex')
  const bytes = new Uint8Array(text.length / 2)
  for (let i = 0; i < bytes.length; i++) bytes[i] = nibble(text.charCodeAt(2 * i)) * 16 + nibble(text.charCodeAt(2 * i + 1))
  return bytes
}

/** A hash's 64 digits as 32 bytes at `at`; refuses anything else. */
export function hexInto(text: string, row: Uint8Array, at: number): void {
  if (text.length !== 64) throw new RangeError('not a hash')
  for (let i = 0; i < 32; i++) {
    const high = VALUE[text.charCodeAt(2 * i)]!
    const low = VALUE[text.charCodeAt(2 * i + 1)]!
    if (!(high < 16 && low < 16)) throw new RangeError('not lower-case hex')
    row[at + i] = (high << 4) | low
  }
}

const VALUE = new Uint8Array(65536).fill(255)
for (let value = 0; value < 16; value++) VALUE[value.toString(16).charCodeAt(0)] = value

function nibble(code: number): number {
  return code < 58 ? code - 48 : code - 87
}

const W = new Int32Array(64)

function compress(state: Int32Array, bytes: Uint8Array, at: number): void {
  const w = W
  const k = K
  for (let i = 0; i < 16; i++, at += 4) {
    w[i] = (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!
  }
  for (let i = 16; i < 64; i++) {
    const x = w[i - 15]!
    const y = w[i - 2]!
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10)
    w[i] = (w[i - 16]! + s0 + w[i - 7]! + s1) | 0
  }
  let a = state[0]!, b = state[1]!, c = state[2]!, d = state[3]!
  let e = state[4]!, f = state[5]!, g = state[6]!, h = state[7]!
  for (let i = 0; i < 64; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + k[i]! + w[i]!) | 0
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g; g = f; f = e; e = (d + t1) | 0
    d = c; c = b; b = a; a = (t1 + t2) | 0
  }
  state[0] = (state[0]! + a) | 0
  state[1] = (state[1]! + b) | 0
  state[2] = (state[2]! + c) | 0
  state[3] = (state[3]! + d) | 0
  state[4] = (state[4]! + e) | 0
  state[5] = (state[5]! + f) | 0
  state[6] = (state[6]! + g) | 0
  state[7] = (state[7]! + h) | 0
}

function constants(): [Int32Array, Int32Array] {
  const primes: number[] = []
  for (let n = 2; primes.length < 64; n++) if (primes.every((prime) => n % prime)) primes.push(n)
  const fraction = (root: number) => ((root - Math.floor(root)) * 0x100000000) | 0
  return [
    Int32Array.from(primes, (prime) => fraction(Math.cbrt(prime))),
    Int32Array.from(primes.slice(0, 8), (prime) => fraction(Math.sqrt(prime))),
  ]
}
