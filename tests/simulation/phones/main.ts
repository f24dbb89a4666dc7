/** Several phones in one Node process, driven step by step over lines of JSON: what each does, and what the world does to it. */
import { createInterface } from 'node:readline'
import { asProblem } from '../../../pwa/src/api/problem'
import { visitLog } from '../../../pwa/src/local/log'
import { PhoneProblem } from '../../../pwa/src/local/problem'
import { stateOf } from '../../../pwa/src/local/record'
import { packages } from '../../../pwa/src/local/visits'
import { canonical, sha256Hex } from '../../../pwa/src/rules/canonical'
import { fold } from '../../../pwa/src/rules/fold'
import type { Operation } from '../../../pwa/src/rules/operations'
import { deflated, inflated } from '../../../pwa/src/sync/deflate'
import { carryIn } from '../../../pwa/src/sync/carry'
import { filmOf, watchFilm } from '../../../pwa/src/sync/frames'
import { openFile, sealFile } from '../../../pwa/src/sync/relayFile'
import { packVisit, takeIn } from '../../../pwa/src/sync/relay'
import { makeRescue } from '../../../pwa/src/sync/rescue'
import { round } from '../../../pwa/src/sync/round'
import { act, closeScreens, screenOf, usePictures } from './acts'
import type { Chance } from './chance'
import { cloned, newDisk, type Disk } from './disk'
import { begin, die, enrolled, hold, installWorld, newHandset, PIN, storeOf, type Handset } from './handset'
import { hear, sayWith, type Answered } from './line'

interface Told {
  id: number
  do: string
  phone: string
  now: number
  seed: string
  kill?: number
  full?: number
  free?: number
  [more: string]: unknown
}
type Doing = (handset: Handset, told: Told, chance: Chance) => Promise<unknown>

const say = (message: unknown): void => void process.stdout.write(`${JSON.stringify(message)}\n`)
const handsets = new Map<string, Handset>()
const pressed = new Map<string, Disk>()
const base64 = (bytes: Uint8Array | ArrayBuffer): string => Buffer.from(bytes as Uint8Array).toString('base64')
const bytesOf = (text: unknown): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(String(text), 'base64'))
const nobody = { file: () => undefined, contact: () => undefined, stopped: () => false }

const DOING: Record<string, Doing> = {
  async enrol(handset) {
    const { device, secret } = await enrolled(handset)
    await handset.phone.enrol(handset.person, PIN, device, secret)
    return device.id
  },
  async unlock(handset) {
    if (!(await handset.phone.isEnrolled(handset.person.id))) return null
    return (await handset.phone.unlock(handset.person.id, PIN)).device.id
  },
  async replace(handset) {
    const { device, secret } = await enrolled(handset)
    return (await handset.phone.replaceDevice(PIN, device, secret)).device.id
  },
  async act(handset, { visit, name, stale }, chance) {
    const store = storeOf(handset)
    const screen = await screenOf(handset.name, store, String(visit), chance, stale === true)
    const written = screen && (await act(String(name), screen))
    return written && written.map(({ operation, hash }) => ({ operation, hash }))
  },
  async round(handset) {
    const sent = await round(handset.api, storeOf(handset), nobody)
    return { refused: sent.refused.map(({ code }) => code), deviceLost: sent.deviceLost }
  },
  async pack(handset, { visit, way, forged }, chance) {
    const packed = await packVisit(storeOf(handset), String(visit))
    const [operations, bytes] = [packed.operations, forged ? await changed(packed.bytes) : packed.bytes]
    const message = way === 'file' ? await throughFile(bytes) : await throughFilm(bytes, chance)
    return { message: base64(message), operations }
  },
  async take(handset, { message }) {
    const { logs } = await takeIn(storeOf(handset), bytesOf(message))
    return logs.map(({ device, fresh, known, held, refused, problem }) => ({ device, fresh, known, held, refused, problem: problem?.code ?? null }))
  },
  async rescue(handset) {
    const made = await makeRescue(storeOf(handset))
    return { file: base64(await made.blob.arrayBuffer()), operations: made.operations, files: made.files, device: storeOf(handset).device.id, there: await there(handset) }
  },
  carry: async (handset, { file }) => (await carryIn(handset.api, new Blob([bytesOf(file)]))).taken,
  there,
  /** Somebody else writes on this phone: kept, and it does not count. */
  async usurp(handset, { visit, inspector }, chance) {
    const mine = storeOf(handset)
    const store = { ...mine, account: { ...mine.account, inspector: String(inspector) } }
    const screen = await screenOf(`${handset.name}~`, store, String(visit), chance, false)
    const written = screen && (await act('note', screen))
    return written && written.map(({ operation, hash }) => ({ operation, hash }))
  },
  async state(handset, { visit }) {
    const logged = await visitLog(storeOf(handset), String(visit)).read()
    const state = stateOf(logged)
    return { hash: await hashOf(state), ...(state as object) }
  },
  async visits(handset) {
    const store = storeOf(handset)
    const rows = await store.db.visits.toArray()
    return { open: (await packages(store)).map(({ id }) => id), removed: rows.filter((row) => row.removed_at !== null).map((row) => row.id) }
  },
}

/** Everything the phone has on its disk that somebody may still be owed. */
async function there(handset: Handset): Promise<{ operations: unknown[]; carried: unknown[]; blobs: unknown[] }> {
  const { db } = storeOf(handset)
  const [rows, carried, blobs] = await Promise.all([db.operations.toArray(), db.carried.toArray(), db.blobs.toArray()])
  return {
    operations: rows.map(({ device, visit, seq, id, hash, own, state, verdict, reason, position }) => ({ device, visit, seq, id, hash, own, state, verdict, reason, position })),
    carried: carried.map(({ signature: _, ...row }) => row),
    blobs: blobs.map(({ hash, visit, operation, state, problem }) => ({ hash, visit, operation, state, problem })),
  }
}

/** Somebody who shows another film: what was said is changed, and signed by nobody. */
async function changed(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const message = JSON.parse(await inflated(bytes)) as { logs: { operations: unknown[][] }[] }
  for (const log of message.logs) log.operations.at(-1)![6] = '2026-11-09T00:00:00.000+08:00'
  return await deflated(JSON.stringify(message))
}

const hashOf = (value: unknown): Promise<string> => sha256Hex(new TextEncoder().encode(canonical(value)))

async function throughFile(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const { file, key } = await sealFile(bytes, '示例')
  return await openFile(file, key)
}

/** Held up to a camera that misses some pictures and sees others twice. */
async function throughFilm(bytes: Uint8Array<ArrayBuffer>, chance: Chance): Promise<Uint8Array> {
  const film = await filmOf(bytes)
  const watch = watchFilm()
  for (let n = chance.below(5); ; n += 1) {
    if (chance.odds(0.3)) continue
    const seen = await watch(film.picture(n))
    if (seen?.message) return seen.message
  }
}

/** Things that are no act of a phone's page: nobody's storage is written by the code under test. */
const WORLD: Record<string, (told: Told) => unknown> = {
  make({ phone, person, from }) {
    const disk = from === undefined ? newDisk() : cloned(pressed.get(String(from))!)
    handsets.set(phone, newHandset(phone, person as Handset['person'], disk))
    return null
  },
  press: ({ phone, as }) => void pressed.set(String(as), cloned(handsets.get(phone)!.disk)),
  clone({ phone, as }) {
    const from = handsets.get(phone)!
    handsets.set(String(as), Object.assign(newHandset(String(as), from.person, cloned(from.disk)), { skew: from.skew, csrf: from.csrf }))
    return null
  },
  evict({ phone }) {
    const handset = handsets.get(phone)!
    handset.phone.lock()
    handset.disk = newDisk()
    begin(handset)
    return null
  },
  set: ({ phone, given }) => void Object.assign(handsets.get(phone)!, given),
  forget() {
    for (const handset of handsets.values()) handset.phone.lock()
    handsets.clear()
    closeScreens()
    return null
  },
  pictures: ({ jpeg, png }) => usePictures({ jpeg: bytesOf(jpeg), png: bytesOf(png) }),
}

/** The same facts in both languages: what the fold makes of operations in any order. */
async function folded({ operations, held, refused }: Told): Promise<string> {
  return await hashOf(fold(operations as Operation[], held as { operation: Operation; reason: string }[], refused as { device: string; seq: number }[]))
}

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

async function run(told: Told): Promise<void> {
  if (told.do in WORLD) {
    const handset = handsets.get(told.phone)
    hold(handset ?? null, told.now, told.seed)
    return say({ done: told.id, result: WORLD[told.do]!(told) ?? null })
  }
  if (told.do === 'folded') return say({ done: told.id, result: await folded(told) })
  const handset = handsets.get(told.phone)!
  const chance = hold(handset, told.now, told.seed)
  if (told.do === 'unlock') begin(handset)
  const life = handset.life
  const outer = [life.killAt, life.fullAt, life.events, life.died] as const
  Object.assign(life, { killAt: told.kill ?? 0, fullAt: told.full ?? 0, events: 0 })
  if (told.free !== undefined) handset.free = told.free
  const died = new Promise<'killed'>((resolve) => {
    life.died = () => {
      resolve('killed')
      outer[3]()
    }
  })
  const doing = DOING[told.do]!(handset, told, chance).then((result) => ({ result }), failed)
  const ended = await Promise.race([doing, died])
  for (let n = 0; n < 3; n += 1) await tick()
  const happened = [...life.happened]
  life.happened.clear()
  ;[life.killAt, life.fullAt, life.events, life.died] = outer
  handset.free = 4 * 1024 * 1024 * 1024
  // What was shown before the page died was seen.
  say({ done: told.id, happened, ...(ended === 'killed' ? {} : ended), killed: life.dead })
}

function failed(error: unknown): object {
  if (error instanceof PhoneProblem) return { problem: { code: error.code, detail: error.detail } }
  const { code, detail, retry, status, extra } = asProblem(error)
  return { problem: { code, detail, retry, status }, ...(code === 'app.unexpected' ? { fault: error instanceof Error ? `${error.name}: ${error.message}\n${error.stack}` : String(error), extra } : {}) }
}

installWorld()
// Dexie tells of databases that were closed under it, which is what we do.
console.warn = () => undefined
sayWith(say)
process.on('unhandledRejection', () => undefined)
process.stdin.on('end', () => process.exit(0))
createInterface({ input: process.stdin }).on('line', (line) => {
  const told = JSON.parse(line) as Told | Answered | { die: string }
  if ('answer' in told) hear(told as Answered)
  else if ('die' in told) die(handsets.get(told.die)!)
  else void run(told as Told).catch((error: unknown) => say({ done: (told as Told).id, fault: String((error as Error).stack ?? error) }))
})
