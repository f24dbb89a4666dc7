/** How does unsent work leave a phone that has no line? Everything in one file, sealed to the server's key; any phone carries it in (sync.md 7). */
import { toBase64url } from '../local/base64url'
import { bytesOf } from '../local/blobs'
import { PhoneProblem } from '../local/problem'
import { readSetting } from '../local/settings'
import type { Store } from '../local/store'
import type { BlobRow } from '../local/tables'
import { carriedOf } from '../local/carried'
import { allBundles } from './outbox'
import { carriedBundle } from './relayOn'
import { RESCUE_KEY, type RescueKey } from './rescueKey'

export interface RescueCount { done: number; all: number }
export interface RescueFile { blob: Blob; name: string; operations: number; files: number }

const MAGIC = 'onevisit-rescue/1\n'
const INFO = 'onevisit-rescue/1'
/** A stretch of a file per record: the phone never holds a film twice, and a carrier sends small pieces. */
const STRETCH = 4 * 1024 * 1024
const text = new TextEncoder()

export async function makeRescue(store: Store, hear: (count: RescueCount) => void = () => undefined): Promise<RescueFile> {
  const to = await readSetting<RescueKey>(store, RESCUE_KEY)
  if (!to) throw new PhoneProblem('phone.no_rescue_key', '这部手机还没有拿到加密用的钥匙，联网一次后才能存救援文件。记录都在本机，没有丢。')
  // What is carried for others waits here too, also what the server has not taken: there somebody looks at it.
  const bundles = [...(await allBundles(store)), ...(await carriedOf(store)).map(carriedBundle)]
  const files = await store.db.blobs.where('state').equals('here').toArray()
  const seal = await sealerFor(to)
  const all = bundles.length + files.length
  let done = 0
  let operations = 0
  for (const bundle of bundles) {
    operations += bundle.operations.length
    await seal.add({ type: 'bundle', bundle })
    hear({ done: ++done, all })
  }
  let brought = 0
  for (const file of files) {
    brought += await addFile(store, file, seal)
    hear({ done: ++done, all })
  }
  return { blob: await seal.end(), name: nameOf(store.now()), operations, files: brought }
}

async function addFile(store: Store, { hash, visit }: BlobRow, seal: Sealer): Promise<0 | 1> {
  const bytes = await bytesOf(store, hash)
  if (!bytes) return 0
  for (let start = 0; start < bytes.byteLength; start += STRETCH) {
    await seal.add({ type: 'file', visit, hash, start, size: bytes.byteLength }, new Uint8Array(bytes, start, Math.min(STRETCH, bytes.byteLength - start)))
  }
  return 1
}

/** Chat programs and share sheets pass on .txt; unknown endings they refuse. */
const nameOf = (now: number): string => `onevisit-rescue-${new Date(now).toISOString().slice(0, 16).replaceAll(/[-:]/g, '').replace('T', '-')}.txt`

interface Sealer {
  add(facts: object, content?: Uint8Array): Promise<void>
  end(): Promise<Blob>
}

async function sealerFor(to: RescueKey): Promise<Sealer> {
  const curve = { name: 'ECDH', namedCurve: 'P-256' } as const
  const theirs = bytesOfHex(to.key)
  const own = await crypto.subtle.generateKey(curve, false, ['deriveBits'])
  const epk = new Uint8Array(await crypto.subtle.exportKey('raw', own.publicKey))
  const shared = await crypto.subtle.deriveBits({ name: 'ECDH', public: await crypto.subtle.importKey('raw', theirs, curve, false, []) }, own.privateKey, 256)
  const salt = new Uint8Array([...epk, ...theirs])
  const key = await crypto.subtle.deriveKey({ name: 'HKDF', hash: 'SHA-256', salt, info: text.encode(INFO) }, await crypto.subtle.importKey('raw', shared, 'HKDF', false, ['deriveKey']), { name: 'AES-GCM', length: 256 }, false, ['encrypt'])
  const header = text.encode(`${MAGIC}${JSON.stringify({ kid: to.kid, epk: toBase64url(epk.buffer) })}\n`)
  const additionalData = await crypto.subtle.digest('SHA-256', header)
  const parts: BlobPart[] = [header]
  let number = 0

  async function add(facts: object, content: Uint8Array = new Uint8Array()): Promise<void> {
    const told = text.encode(JSON.stringify(facts))
    const plain = new Uint8Array(4 + told.length + content.length)
    plain.set(lengthOf(told.length))
    plain.set(told, 4)
    plain.set(content, 4 + told.length)
    const iv = new Uint8Array(12)
    new DataView(iv.buffer).setUint32(8, number++)
    const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, key, plain)
    parts.push(lengthOf(sealed.byteLength), sealed)
    // A Blob lies on the disk where the browser can; many small buffers would lie in memory.
    if (parts.length > 16) parts.splice(0, parts.length, new Blob(parts))
  }
  return {
    add,
    async end() {
      await add({ type: 'end', records: number })
      return new Blob(parts, { type: 'text/plain' })
    },
  }
}

function lengthOf(size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, size)
  return bytes
}

const bytesOfHex = (hex: string): Uint8Array<ArrayBuffer> => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
