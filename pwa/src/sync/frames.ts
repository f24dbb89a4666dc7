/** How does a message become a film of QR codes, and a film a message again? Letters a QR code packs tightly, and a head that says which message and which drop. */
import { collectorOf, fountainOf, type Collector } from './fountain'

/** Begins every picture of a film; a code of something else is passed over. */
const FILM = 'OV1:'
/** Small enough for a weak camera at arm's length (some 80 modules a side), large enough that a part is a few pictures. */
export const BLOCK = 480
const HEAD = 10
const MOST = 2_000_000

/** The pictures of a message, without end. */
export async function filmOf(message: Uint8Array<ArrayBuffer>): Promise<{ blocks: number; picture: (n: number) => string }> {
  const name = await nameOf(message)
  const fountain = fountainOf(message, BLOCK)
  return {
    blocks: fountain.blocks,
    picture(n) {
      const drop = n % 0x10000
      const frame = new Uint8Array(HEAD + BLOCK)
      frame.set(name)
      const head = new DataView(frame.buffer)
      head.setUint32(4, message.length)
      head.setUint16(8, drop)
      frame.set(fountain.drop(drop), HEAD)
      return FILM + toBase45(frame)
    },
  }
}

export interface Watched { have: number; blocks: number; /** Whole and unharmed. */ message: Uint8Array<ArrayBuffer> | null; /** Another film began: what was gathered was given up. */ fresh: boolean }

/** Takes in what the camera reads; null for a code that is no picture of a film. */
export function watchFilm(): (text: string) => Promise<Watched | null> {
  let now: { name: string; length: number; collector: Collector } | null = null
  return async (text) => {
    const frame = text.startsWith(FILM) ? fromBase45(text.slice(FILM.length)) : null
    if (frame?.length !== HEAD + BLOCK) return null
    const head = new DataView(frame.buffer)
    const [name, length, n] = [hex(frame.subarray(0, 4)), head.getUint32(4), head.getUint16(8)]
    if (length < 1 || length > MOST) return null
    const fresh = now?.name !== name || now.length !== length
    if (fresh) now = { name, length, collector: collectorOf(length, BLOCK) }
    const { collector } = now!
    collector.take({ n, bytes: frame.subarray(HEAD) })
    const made = collector.message()
    const message = made && new Uint8Array(made)
    const harmed = message !== null && hex(await nameOf(message)) !== name
    if (harmed) now = null
    return { have: harmed ? 0 : collector.have(), blocks: Math.ceil(length / BLOCK), message: harmed ? null : message, fresh }
  }
}

/** The first four bytes of its hash: which film it is, and whether all of it came as it went. */
const nameOf = async (message: Uint8Array<ArrayBuffer>): Promise<Uint8Array> => new Uint8Array(await crypto.subtle.digest('SHA-256', message)).subarray(0, 4)
const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'

/** RFC 9285: the letters of a QR code's dense mode, 97 % of what bytes would need. */
export function toBase45(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 2) {
    const pair = at + 1 < bytes.length
    let value = pair ? bytes[at]! * 256 + bytes[at + 1]! : bytes[at]!
    for (let n = pair ? 3 : 2; n > 0; n -= 1) {
      text += LETTERS[value % 45]
      value = Math.floor(value / 45)
    }
  }
  return text
}

export function fromBase45(text: string): Uint8Array<ArrayBuffer> | null {
  if (text.length % 3 === 1) return null
  const bytes: number[] = []
  for (let at = 0; at < text.length; at += 3) {
    const three = Array.from(text.slice(at, at + 3), (letter) => LETTERS.indexOf(letter))
    if (three.includes(-1)) return null
    const value = three.reduce((sum, digit, n) => sum + digit * 45 ** n, 0)
    if (value > (three.length === 3 ? 0xffff : 0xff)) return null
    if (three.length === 3) bytes.push(value >> 8)
    bytes.push(value & 0xff)
  }
  return Uint8Array.from(bytes)
}
