import 'fake-indexeddb/auto'
import { describe, expect, it } from 'vitest'
import type { Api } from '../api/client'
import { hashBytes } from '../local/blobs'
import { writeSetting } from '../local/settings'
import type { Store } from '../local/store'
import { answer, makeStore, VISIT } from '../local/testStore'
import { record, recordAll } from '../local/writer'
import { carryIn, isWhole, type Rescued } from './carry'
import { makeRescue } from './rescue'
import { RESCUE_KEY } from './rescueKey'

const CURVE = { name: 'ECDH', namedCurve: 'P-256' } as const
const hex = (bytes: ArrayBuffer): string => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('')

/** The server's side of the file, written a second time. */
async function opened(blob: Blob, key: CryptoKeyPair): Promise<{ facts: Record<string, unknown>; content: Uint8Array }[]> {
  const bytes = new Uint8Array(await blob.arrayBuffer())
  const end = bytes.indexOf(10, bytes.indexOf(10) + 1) + 1
  const header = bytes.slice(0, end)
  const { epk } = JSON.parse(new TextDecoder().decode(header).split('\n')[1]!) as { epk: string }
  const theirs = Uint8Array.from(atob(epk.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0))
  const shared = await crypto.subtle.deriveBits({ name: 'ECDH', public: await crypto.subtle.importKey('raw', theirs, CURVE, false, []) }, key.privateKey, 256)
  const salt = new Uint8Array([...theirs, ...new Uint8Array(await crypto.subtle.exportKey('raw', key.publicKey))])
  const file = await crypto.subtle.deriveKey({ name: 'HKDF', hash: 'SHA-256', salt, info: new TextEncoder().encode('onevisit-rescue/1') }, await crypto.subtle.importKey('raw', shared, 'HKDF', false, ['deriveKey']), { name: 'AES-GCM', length: 256 }, false, ['decrypt'])
  const additionalData = await crypto.subtle.digest('SHA-256', header)
  const found = []
  for (let at = end, number = 0; at < bytes.length; number++) {
    const size = new DataView(bytes.buffer, at).getUint32(0)
    const iv = new Uint8Array(12)
    new DataView(iv.buffer).setUint32(8, number)
    const plain = new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData }, file, bytes.slice(at + 4, at + 4 + size)))
    const told = new DataView(plain.buffer).getUint32(0)
    found.push({ facts: JSON.parse(new TextDecoder().decode(plain.slice(4, 4 + told))) as Record<string, unknown>, content: plain.slice(4 + told) })
    at += 4 + size
  }
  return found
}

async function withWork(): Promise<{ store: Store; key: CryptoKeyPair; photo: ArrayBuffer }> {
  const store = await makeStore()
  const key = await crypto.subtle.generateKey(CURVE, true, ['deriveBits'])
  await writeSetting(store, RESCUE_KEY, { kid: 'k', key: hex(await crypto.subtle.exportKey('raw', key.publicKey)) })
  const photo = crypto.getRandomValues(new Uint8Array(50_000)).buffer
  const hash = await hashBytes(photo)
  await recordAll(store, VISIT, ['e1', 'e2'].map((entry) => ({ part: 'p', kind: 'answer.set' as const, body: answer(entry) as never })))
  await record(store, VISIT, 'p', 'photo.add', { hash, size: photo.byteLength, taken_at: '2026-11-21T10:00:00+08:00', caption: null, item: null, entry: null, position: null, accuracy_m: null, width: 1, height: 1, mime: 'image/jpeg', reencoded_from: null }, { files: [{ hash, bytes: photo, type: 'image/jpeg' }] })
  return { store, key, photo }
}

describe('a rescue file', () => {
  it('holds every unsent operation and file, and says where it ends', async () => {
    const { store, key, photo } = await withWork()
    const made = await makeRescue(store)
    expect(made).toMatchObject({ operations: 3, files: 1 })
    expect(made.name).toMatch(/^onevisit-rescue-\d{8}-\d{4}\.txt$/)
    const [bundle, file, end] = await opened(made.blob, key)
    expect((bundle!.facts['bundle'] as { operations: unknown[] }).operations).toHaveLength(3)
    expect(await hashBytes(file!.content.slice().buffer)).toBe(await hashBytes(photo))
    expect(end!.facts).toEqual({ type: 'end', records: 2 })
    const plain = new TextDecoder().decode(await made.blob.arrayBuffer())
    expect(plain).not.toContain('answer.set')
  })

  it('is not made without the server\'s key, and says what to do', async () => {
    await expect(makeRescue(await makeStore())).rejects.toMatchObject({ code: 'phone.no_rescue_key' })
  })
})

describe('carrying a file in', () => {
  const api = (asked: string[], size: (body: Blob) => void = () => undefined): Api => ({
    call: async (path: string, { body }: { body: Blob }) => {
      asked.push(path)
      size(body)
      return new Response(JSON.stringify({ taken: [] as Rescued[] }))
    },
  }) as unknown as Api

  it('goes in pieces of whole records, each with the header and its number', async () => {
    const { store } = await withWork()
    const { blob } = await makeRescue(store)
    const asked: string[] = []
    const done = await carryIn(api(asked), blob)
    expect([done.records, done.bytes, asked]).toEqual([3, blob.size, ['/api/sync/rescue?first=0']])
  })

  it.each([4, 40, 20_000])('says that a file that is %s bytes short is broken', async (less) => {
    const { store } = await withWork()
    const { blob } = await makeRescue(store)
    await expect(carryIn(api([]), blob.slice(0, blob.size - less))).rejects.toMatchObject({ code: 'sync.rescue_broken' })
  })

  it('calls a file whole only when its end came and nothing was left', () => {
    const end = { number: 1, type: 'end' as const, records: 1 }
    expect(isWhole({ taken: [{ number: 0, type: 'bundle' }, end] })).toBe(true)
    expect(isWhole({ taken: [{ number: 0, type: 'bundle' }] })).toBe(false)
    expect(isWhole({ taken: [{ number: 0, type: 'file', state: 'left', code: 'x' }, end] })).toBe(false)
    expect(isWhole({ taken: [end] })).toBe(false)
  })
})
