/** A record that travels as a file through somebody else's hands: sealed under a key that only the two screens show. */
import { PhoneProblem } from '../local/problem'
import { fromBase45, toBase45 } from './frames'

const MAGIC = new TextEncoder().encode('onevisit-relay/1\n')
const KEY = 'OV1K:'
const NONCE = 12

export interface SealedFile { file: File; key: string }

/** A new key each time; it is shown as a QR code and goes into no file. */
export async function sealFile(message: Uint8Array<ArrayBuffer>, name: string): Promise<SealedFile> {
  const raw = crypto.getRandomValues(new Uint8Array(32))
  const iv = crypto.getRandomValues(new Uint8Array(NONCE))
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: MAGIC }, await keyOf(raw, 'encrypt'), message)
  // Chat programs and share sheets pass on .txt; unknown endings they refuse.
  return { file: new File([MAGIC, iv, sealed], `${name}.txt`, { type: 'text/plain' }), key: KEY + toBase45(raw) }
}

export const isRelayKey = (text: string): boolean => text.startsWith(KEY)

/** Says at once when a file is none of ours, before anybody looks for its key. */
export async function isRelayFile(file: Blob): Promise<boolean> {
  const head = new Uint8Array(await file.slice(0, MAGIC.length).arrayBuffer())
  return file.size > MAGIC.length + NONCE && head.every((byte, at) => byte === MAGIC[at])
}

export async function openFile(file: Blob, key: string): Promise<Uint8Array<ArrayBuffer>> {
  const raw = isRelayKey(key) ? fromBase45(key.slice(KEY.length)) : null
  const bytes = await file.arrayBuffer()
  const at = MAGIC.length
  try {
    if (raw?.length !== 32) throw new Error('no key')
    const iv = new Uint8Array(bytes, at, NONCE)
    return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData: MAGIC }, await keyOf(raw, 'decrypt'), bytes.slice(at + NONCE)))
  } catch {
    throw new PhoneProblem('relay.wrong_key', '钥匙和文件对不上。每次存文件都换新钥匙：请扫存这个文件时屏幕上的那个二维码。')
  }
}

const keyOf = (raw: Uint8Array<ArrayBuffer>, use: 'encrypt' | 'decrypt'): Promise<CryptoKey> => crypto.subtle.importKey('raw', raw, 'AES-GCM', false, [use])
