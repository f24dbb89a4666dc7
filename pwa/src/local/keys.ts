/** Which keys does this phone hold for an account, and who can open them? Device key, and the data key wrapped by PIN and by recovery secret. */
import { fromBase64url, toBase64url } from './base64url'
import { isWeakPin, keyFromPin, keyFromRecovery, newMix, waitAfter } from './pin'
import { PhoneProblem } from './problem'
import type { AccountTables, KeyRow } from './tables'
import { decrypt, encrypt } from './vault'

export interface Device { id: string; label: string; pair: CryptoKeyPair }
export interface Opened { device: Device; dataKey: CryptoKey }

const SIGNING = { name: 'ECDSA', namedCurve: 'P-256' } as const
const DATA_KEY = 'keys/data'
const REST: KeyRow = { name: 'throttle', wrong: 0, until: 0 }

export async function newDevicePair(): Promise<CryptoKeyPair> {
  return await crypto.subtle.generateKey(SIGNING, false, ['sign', 'verify'])
}

/** IEEE-P1363, base64url: what the server checks bundles and enrolments with. */
export async function signText(pair: CryptoKeyPair, text: string): Promise<string> {
  return toBase64url(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, pair.privateKey, new TextEncoder().encode(text)))
}

/** The proof of possession for enrolment. */
export async function deviceProof(pair: CryptoKeyPair, nonce: string): Promise<{ public_key: JsonWebKey; signature: string }> {
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', pair.publicKey)
  return { public_key: { kty, crv, x, y } as JsonWebKey, signature: await signText(pair, `onevisit-device/1|${nonce}`) }
}

export async function isEnrolled(db: AccountTables): Promise<boolean> {
  return (await db.keys.get('device')) !== undefined
}

/** First opening on this phone: makes the data key and wraps it twice, then writes everything at once. */
export async function createKeys(db: AccountTables, pin: string, device: Device, recoverySecret: string): Promise<Opened> {
  refuseWeak(pin)
  const raw = crypto.getRandomValues(new Uint8Array(32))
  const mix = await newMix()
  const rows: KeyRow[] = [
    { name: 'device', ...device, enrolled_at: new Date().toISOString() },
    { name: 'mix', key: mix },
    await pinRow(pin, mix, raw),
    await recoveryRow(recoverySecret, raw),
  ]
  await db.transaction('rw', db.keys, () => db.keys.bulkPut(rows))
  return { device, dataKey: await dataKeyOf(raw) }
}

/** Opens with the PIN; counts a wrong one before it is tried, so that killing the page is no free try. */
export async function unlock(db: AccountTables, pin: string, now = Date.now()): Promise<Opened> {
  await countTry(db, now)
  const raw = await rawByPin(db, pin)
  await db.keys.put(REST)
  return { device: await deviceOf(db), dataKey: await dataKeyOf(raw) }
}

export async function changePin(db: AccountTables, old: string, fresh: string, now = Date.now()): Promise<void> {
  refuseWeak(fresh)
  await countTry(db, now)
  const raw = await rawByPin(db, old)
  const row = await pinRow(fresh, (await rowOf(db, 'mix')).key, raw)
  await db.transaction('rw', db.keys, () => db.keys.bulkPut([row, REST]))
}

/** A forgotten PIN loses nothing: after an online login the server gives the recovery secret back. */
export async function resetPin(db: AccountTables, recoverySecret: string, fresh: string): Promise<Opened> {
  refuseWeak(fresh)
  const key = await keyFromRecovery(fromBase64url(recoverySecret))
  const raw = new Uint8Array(await decrypt(key, (await rowOf(db, 'recovery')).wrapped, DATA_KEY))
  const mix = await newMix()
  const rows: KeyRow[] = [{ name: 'mix', key: mix }, await pinRow(fresh, mix, raw), REST]
  await db.transaction('rw', db.keys, () => db.keys.bulkPut(rows))
  return { device: await deviceOf(db), dataKey: await dataKeyOf(raw) }
}

/** After a cloned or revoked device: the data key stays, device key and recovery wrap are new. Needs the PIN once, because nothing else yields the raw key. */
export async function replaceDevice(db: AccountTables, pin: string, device: Device, recoverySecret: string): Promise<void> {
  const raw = await rawByPin(db, pin)
  const rows: KeyRow[] = [{ name: 'device', ...device, enrolled_at: new Date().toISOString() }, await recoveryRow(recoverySecret, raw)]
  await db.transaction('rw', db.keys, () => db.keys.bulkPut(rows))
}

export async function deviceOf(db: AccountTables): Promise<Device> {
  const { id, label, pair } = await rowOf(db, 'device')
  return { id, label, pair }
}

async function rawByPin(db: AccountTables, pin: string): Promise<Uint8Array<ArrayBuffer>> {
  const [{ salt, wrapped }, { key: mix }] = [await rowOf(db, 'pin'), await rowOf(db, 'mix')]
  try {
    return new Uint8Array(await decrypt(await keyFromPin(pin, salt, mix), wrapped, DATA_KEY))
  } catch {
    const { wrong, until } = await rowOf(db, 'throttle')
    throw new PhoneProblem('phone.wrong_pin', '口令不对。', { wrong, until })
  }
}

async function countTry(db: AccountTables, now: number): Promise<void> {
  await db.transaction('rw', db.keys, async () => {
    const before = (await db.keys.get('throttle')) as Extract<KeyRow, { name: 'throttle' }> | undefined
    // An end further away than any wait was written before the clock was set back.
    if (before && before.until > now && before.until <= now + waitAfter(before.wrong)) {
      throw new PhoneProblem('phone.wait', '试错太多次，请稍候。', { wrong: before.wrong, until: before.until })
    }
    const wrong = (before?.wrong ?? 0) + 1
    const wait = waitAfter(wrong)
    const row: KeyRow = { name: 'throttle', wrong, until: wait ? now + wait : 0 }
    await db.keys.put(row)
  })
}

function refuseWeak(pin: string): void {
  if (isWeakPin(pin)) throw new PhoneProblem('phone.weak_pin', '这个口令太容易猜，请换一个：不要六个相同的数字，也不要连号。')
}

async function rowOf<Name extends KeyRow['name']>(db: AccountTables, name: Name): Promise<Extract<KeyRow, { name: Name }>> {
  const row = await db.keys.get(name)
  if (!row) throw new PhoneProblem('phone.not_enrolled', '这部手机还没有登记，请先联网登录。')
  return row as Extract<KeyRow, { name: Name }>
}

async function pinRow(pin: string, mix: CryptoKey, raw: Uint8Array<ArrayBuffer>): Promise<KeyRow> {
  const salt = crypto.getRandomValues(new Uint8Array(16))
  return { name: 'pin', salt, wrapped: await encrypt(await keyFromPin(pin, salt, mix), raw, DATA_KEY) }
}

async function recoveryRow(secret: string, raw: Uint8Array<ArrayBuffer>): Promise<KeyRow> {
  return { name: 'recovery', wrapped: await encrypt(await keyFromRecovery(fromBase64url(secret)), raw, DATA_KEY) }
}

async function dataKeyOf(raw: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt'])
}
