/** How is a value kept so that a finder of the phone reads nothing? AES-GCM under the data key, each value bound to its place. */
import type { Sealed } from './tables'

const text = new TextEncoder()
const reader = new TextDecoder()

export interface Vault {
  /** `place` (table and key) is authenticated: a value moved elsewhere does not open. */
  seal(value: unknown, place: string): Promise<Sealed>
  open<T>(sealed: Sealed, place: string): Promise<T>
  sealBytes(bytes: BufferSource, place: string): Promise<Sealed>
  openBytes(sealed: Sealed, place: string): Promise<ArrayBuffer>
}

export function vaultOf(key: CryptoKey): Vault {
  const sealBytes = (bytes: BufferSource, place: string): Promise<Sealed> => encrypt(key, bytes, place)
  const openBytes = (sealed: Sealed, place: string): Promise<ArrayBuffer> => decrypt(key, sealed, place)
  return {
    sealBytes,
    openBytes,
    seal: (value, place) => sealBytes(text.encode(JSON.stringify(value)), place),
    open: async <T>(sealed: Sealed, place: string) => JSON.parse(reader.decode(await openBytes(sealed, place))) as T,
  }
}

export async function encrypt(key: CryptoKey, bytes: BufferSource, place: string): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(12))
  return { iv, bytes: await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: text.encode(place) }, key, bytes) }
}

export async function decrypt(key: CryptoKey, sealed: Sealed, place: string): Promise<ArrayBuffer> {
  return await crypto.subtle.decrypt({ name: 'AES-GCM', iv: sealed.iv, additionalData: text.encode(place) }, key, sealed.bytes)
}
