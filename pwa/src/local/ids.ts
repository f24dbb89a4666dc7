/** New ids and the time as the record tells it. */

/** UUIDv7: sorts by the time it was made, made on the phone without asking anybody. `order` sorts ids of one millisecond (RFC 9562, 6.2). */
export function newId(now = Date.now(), order = crypto.getRandomValues(new Uint16Array(1))[0]!): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  for (let n = 0; n < 6; n++) bytes[n] = Math.floor(now / 2 ** (8 * (5 - n))) & 0xff
  bytes[6] = 0x70 | ((order >> 8) & 0x0f)
  bytes[7] = order & 0xff
  bytes[8] = 0x80 | (bytes[8]! & 0x3f)
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** RFC 3339 with the phone's own offset: what the inspector's clock showed. */
export function wallTime(now = Date.now()): string {
  const minutes = -new Date(now).getTimezoneOffset()
  const local = new Date(now + minutes * 60_000).toISOString().slice(0, -1)
  const two = (n: number): string => String(Math.trunc(Math.abs(n))).padStart(2, '0')
  return `${local}${minutes < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`
}
