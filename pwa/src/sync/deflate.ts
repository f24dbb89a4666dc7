/** A record as few bytes and back; a phone that cannot compress sends it as it is. */
import { PhoneProblem } from '../local/problem'

/** The first byte says how the rest is to be read. */
const [PLAIN, DEFLATED] = [0, 1]
/** Nobody's record is larger; a bomb is not unpacked. */
const MOST = 8 * 1024 * 1024

const through = (bytes: Uint8Array<ArrayBuffer>, stream: GenericTransformStream): ReadableStreamDefaultReader<Uint8Array> =>
  new Blob([bytes]).stream().pipeThrough(stream as ReadableWritablePair<Uint8Array, Uint8Array>).getReader()

export async function deflated(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new TextEncoder().encode(text)
  if (typeof CompressionStream === 'undefined') return joined([Uint8Array.of(PLAIN), bytes])
  return joined([Uint8Array.of(DEFLATED), ...(await all(through(bytes, new CompressionStream('deflate'))))])
}

export async function inflated(message: Uint8Array<ArrayBuffer>): Promise<string> {
  const rest = message.slice(1)
  if (message[0] === PLAIN) return new TextDecoder().decode(rest)
  if (message[0] !== DEFLATED) throw new PhoneProblem('relay.unreadable', '交来的内容读不懂，没有收。请对方更新应用后再出示一次。')
  if (typeof DecompressionStream === 'undefined') throw new PhoneProblem('relay.old_browser', '这部手机的浏览器太旧，读不了压缩的记录。请换一部手机来收，或等有网络。')
  try {
    return new TextDecoder().decode(joined(await all(through(rest, new DecompressionStream('deflate')))))
  } catch {
    throw new PhoneProblem('relay.unreadable', '交来的内容不完整，没有收。请对方再出示一次。')
  }
}

async function all(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<Uint8Array[]> {
  const parts: Uint8Array[] = []
  let size = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return parts
    size += value.length
    if (size > MOST) throw new Error('too large')
    parts.push(value)
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
