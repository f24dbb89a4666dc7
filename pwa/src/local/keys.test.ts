import 'fake-indexeddb/auto'
import { describe, expect, it } from 'vitest'
import { toBase64url } from './base64url'
import { changePin, createKeys, deviceProof, newDevicePair, resetPin, unlock } from './keys'
import { isWeakPin, waitAfter } from './pin'
import { AccountTables } from './tables'
import { vaultOf } from './vault'

const SECRET = toBase64url(crypto.getRandomValues(new Uint8Array(32)))
let count = 0

async function enrolled() {
  const db = new AccountTables(`keys-${++count}`)
  const device = { id: 'device-1', label: '示例手机', pair: await newDevicePair() }
  const opened = await createKeys(db, '258013', device, SECRET)
  const sealed = await vaultOf(opened.dataKey).seal({ word: '草稿' }, 'settings/x')
  const reads = async (key: CryptoKey) => (await vaultOf(key).open<{ word: string }>(sealed, 'settings/x')).word
  return { db, reads }
}

describe('the keys of a phone', () => {
  it('open with the PIN and give the same data key and device', async () => {
    const { db, reads } = await enrolled()
    const opened = await unlock(db, '258013')
    expect(await reads(opened.dataKey)).toBe('草稿')
    expect(opened.device.id).toBe('device-1')
  })

  it('refuse a wrong PIN and count it before it is tried', async () => {
    const { db } = await enrolled()
    await expect(unlock(db, '258014')).rejects.toMatchObject({ code: 'phone.wrong_pin', extra: { wrong: 1 } })
  })

  it('make a finder wait after five wrong PINs, and forget nothing', async () => {
    const { db } = await enrolled()
    for (let n = 0; n < 5; n++) await expect(unlock(db, '111222', 1000)).rejects.toMatchObject({ code: 'phone.wrong_pin' })
    await expect(unlock(db, '258013', 2000)).rejects.toMatchObject({ code: 'phone.wait' })
    await expect(unlock(db, '258013', 1000 + 30_000)).resolves.toBeDefined()
  })

  it('lose nothing when the PIN is forgotten: the recovery secret sets a new one', async () => {
    const { db, reads } = await enrolled()
    expect(await reads((await resetPin(db, SECRET, '904517')).dataKey)).toBe('草稿')
    expect(await reads((await unlock(db, '904517')).dataKey)).toBe('草稿')
    await expect(unlock(db, '258013')).rejects.toMatchObject({ code: 'phone.wrong_pin' })
  })

  it('change the PIN only for who knows the old one', async () => {
    const { db, reads } = await enrolled()
    await expect(changePin(db, '000111', '904517')).rejects.toMatchObject({ code: 'phone.wrong_pin' })
    await changePin(db, '258013', '904517')
    expect(await reads((await unlock(db, '904517')).dataKey)).toBe('草稿')
  })

  it('keep the private key in the phone, and prove possession over the server’s nonce', async () => {
    const pair = await newDevicePair()
    await expect(crypto.subtle.exportKey('pkcs8', pair.privateKey)).rejects.toThrow()
    const { public_key, signature } = await deviceProof(pair, 'n-1')
    const key = await crypto.subtle.importKey('jwk', public_key, { name: 'ECDSA', namedCurve: 'P-256' }, true, ['verify'])
    const bytes = Uint8Array.from(atob(signature.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0))
    expect(await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, bytes, new TextEncoder().encode('onevisit-device/1|n-1'))).toBe(true)
  })
})

describe('a PIN', () => {
  it.each(['000000', '123456', '987654', '12345', 'abcdef'])('%s is refused', (pin) => expect(isWeakPin(pin)).toBe(true))
  it.each(['258013', '112233'])('%s is taken', (pin) => expect(isWeakPin(pin)).toBe(false))
  it('costs more waiting the more often it is wrong, at most an hour', () => {
    expect([4, 5, 6, 7, 99].map(waitAfter)).toEqual([0, 30_000, 60_000, 120_000, 3_600_000])
  })
})

describe('a sealed value', () => {
  it('does not open in another place', async () => {
    const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
    const vault = vaultOf(key)
    await expect(vault.open(await vault.seal(1, 'visits/a'), 'visits/b')).rejects.toThrow()
  })
})
