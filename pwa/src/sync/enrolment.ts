/** Whose phone is this, of which this one has not heard? The server's word for it, which that phone brings along, checked without a network (sync.md 6). */
import { fromBase64url } from '../local/base64url'
import type { DeviceOf, VisitPackage } from '../rules/package'

/** Where the visit's list does not know the phone: as its certificate says, if the server signed that after the list was made. */
export async function vouchedFor(visit: VisitPackage, device: string, brought: DeviceOf | undefined): Promise<DeviceOf | null> {
  const { devices_at: listed, server_key: key, parts } = visit
  if (!brought?.certificate || !brought.enrolled_at || !listed || !key || brought.id !== device) return null
  // Enrolled before the list was made and not on it: its right was taken away.
  if (!(Date.parse(brought.enrolled_at) > Date.parse(listed))) return null
  if (!parts.some((part) => part.team.some(({ id }) => id === brought.inspector))) return null
  const { id, inspector, x, y, enrolled_at: at, certificate } = brought
  return (await isSignedBy(key, `onevisit-enrolment/1|${id}|${inspector}|${x}|${y}|${at}`, certificate)) ? brought : null
}

export async function isSignedBy({ x, y }: { x: string; y: string }, text: string, signature: string): Promise<boolean> {
  const curve = { name: 'ECDSA', namedCurve: 'P-256' } as const
  try {
    const key = await crypto.subtle.importKey('jwk', { kty: 'EC', crv: 'P-256', x, y }, curve, false, ['verify'])
    return await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, fromBase64url(signature), new TextEncoder().encode(text))
  } catch {
    return false
  }
}
