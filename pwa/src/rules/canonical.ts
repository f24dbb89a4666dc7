// Which text stands for a value? Canonical JSON (RFC 8785), twin of backend/onevisit/core/canonical.py.

const LONE_SURROGATE = /\p{Surrogate}/u
const ASCII = /^[\x00-\x7f]*$/

/** The one form of a value; refuses what two languages would write differently. NFC is the caller's. */
export function canonical(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return text(value)
  if (typeof value === 'number') return integer(value)
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value === 'object' && isPlain(value)) return object(value as Record<string, unknown>)
  throw new TypeError(`canonical JSON has no ${typeof value}`)
}

/** SHA-256 as lower-case hex. */
export async function sha256Hex(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** SHA-256 of the canonical form, as lower-case hex. */
export function digest(value: unknown): Promise<string> {
  return sha256Hex(new TextEncoder().encode(canonical(value)))
}

// JSON.stringify escapes exactly as RFC 8785 asks, except that it lets lone surrogates through as escapes.
function text(value: string): string {
  if (LONE_SURROGATE.test(value)) throw new RangeError('canonical JSON has no lone surrogates')
  return JSON.stringify(value)
}

function integer(value: number): string {
  if (!Number.isSafeInteger(value)) throw new RangeError(`canonical JSON has only safe integers: ${value}`)
  return value === 0 ? '0' : String(value)
}

function object(value: Record<string, unknown>): string {
  const members = Object.keys(value).sort().map((key) => {
    if (!ASCII.test(key)) throw new RangeError(`canonical JSON has ASCII keys only: ${key}`)
    return `${JSON.stringify(key)}:${canonical(value[key])}`
  })
  return `{${members.join(',')}}`
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
