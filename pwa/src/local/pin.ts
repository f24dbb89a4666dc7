/** How does a six-digit PIN guard a 256-bit key? Slow derivation, mixed with a key that never leaves this phone. */

/** OWASP 2023 for PBKDF2-HMAC-SHA-256; about half a second on a weak phone. */
const ROUNDS = 600_000

export async function newMix(): Promise<CryptoKey> {
  return await crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256', length: 256 }, false, ['sign'])
}

/** The wrapping key: without `mix` (non-extractable) a copy of the database cannot be tried against a million PINs elsewhere. */
export async function keyFromPin(pin: string, salt: Uint8Array<ArrayBuffer>, mix: CryptoKey): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey('raw', new TextEncoder().encode(pin), 'PBKDF2', false, ['deriveBits'])
  const slow = await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations: ROUNDS }, material, 256)
  return await wrappingKey(await crypto.subtle.sign('HMAC', mix, slow))
}

export async function keyFromRecovery(secret: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits'])
  const info = new TextEncoder().encode('onevisit-recovery/1')
  return await wrappingKey(await crypto.subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(32), info }, material, 256))
}

async function wrappingKey(raw: ArrayBuffer): Promise<CryptoKey> {
  return await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt'])
}

/** PINs that are tried first by anybody: one digit, or a run. */
export function isWeakPin(pin: string): boolean {
  if (!/^\d{6}$/.test(pin)) return true
  const steps = new Set([...pin].slice(1).map((digit, n) => Number(digit) - Number(pin[n])))
  return steps.size === 1 && [0, 1, -1].includes([...steps][0] ?? 0)
}

/** Five tries are free; then 30 s, doubling up to an hour. Nothing is ever erased: it stops a finder, not the owner. */
export function waitAfter(wrong: number): number {
  const FREE = 5
  return wrong < FREE ? 0 : Math.min(30_000 * 2 ** (wrong - FREE), 3_600_000)
}
