/** The SHA-256 of a file of any size, read in pieces: a recording of hours never stands in memory as a whole. */
import { Sha256, toHex } from '../../rules/sha256'

const PIECE = 4 * 1024 * 1024

/** `hear` is told how many bytes are done; stops with an AbortError where `signal` says so. */
export async function hashFile(file: Blob, hear: (done: number) => void = () => undefined, signal?: AbortSignal): Promise<string> {
  const hash = new Sha256()
  for (let at = 0; at < file.size; at += PIECE) {
    signal?.throwIfAborted()
    hash.update(new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer()))
    hear(Math.min(file.size, at + PIECE))
    // Let the screen breathe between the pieces.
    await new Promise((resolve) => setTimeout(resolve))
  }
  signal?.throwIfAborted()
  return toHex(hash.digestInto(new Uint8Array(32)))
}
