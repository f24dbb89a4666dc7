/** What is one simulated phone? The shipped phone code over a disk, a line and a clock that the driver has in its hand. */
import { Dexie } from 'dexie'
import { IDBKeyRange } from 'fake-indexeddb'
import { createApi, type Api } from '../../../pwa/src/api/client'
import { deviceProof, newDevicePair, type Device } from '../../../pwa/src/local/keys'
import { pageLocks } from '../../../pwa/src/local/locks'
import { createPhone, type Person, type Phone } from '../../../pwa/src/local/phone'
import type { Store } from '../../../pwa/src/local/store'
import { chanceOf, type Chance } from './chance'
import { installGate, kill, liveAs, newDisk, newLife, type Disk, type Life } from './disk'
import { fetchOf, requestOf } from './line'

export const PIN = '135790'
const SPACE = 4 * 1024 * 1024 * 1024

export interface Handset {
  name: string
  person: Person
  disk: Disk
  life: Life
  phone: Phone
  api: Api
  /** Milliseconds this phone's clock is ahead of the truth. */
  skew: number
  /** The CSRF cookie; empty: nobody is signed in. */
  csrf: string
  /** Free space as the browser tells it. */
  free: number
}

let here: Handset | null = null
let truth = Date.UTC(2026, 10, 9, 2)
let chance: Chance = chanceOf('nothing yet')

/** From now on everything that runs is this phone's, at this moment, with this chance. */
export function hold(handset: Handset | null, now: number, seed: string): Chance {
  here = handset
  truth = now
  chance = chanceOf(`${seed}/phone`)
  if (handset) liveAs(handset.life)
  return chanceOf(`${seed}/act`)
}
const clock = (): number => truth + (here?.skew ?? 0)

/** A page that was opened: new life, same disk. */
export function begin(handset: Handset): void {
  const life = (handset.life = newLife())
  liveAs(life)
  handset.phone = createPhone(pageLocks())
  handset.api = createApi({ fetch: fetchOf(handset.name, life), alone: pageLocks().alone, cookies: () => (handset.csrf ? `onevisit_csrf=${handset.csrf}` : ''), now: () => Date.now() })
}

export function newHandset(name: string, person: Person, disk: Disk = newDisk()): Handset {
  const handset = { name, person, disk, skew: 0, csrf: '', free: SPACE } as Handset
  hold(handset, truth, name)
  begin(handset)
  return handset
}

export const storeOf = (handset: Handset): Store => {
  const store = handset.phone.store.value
  if (!store) throw new Error(`${handset.name} is locked`)
  return store
}

/** The way of the login page: a nonce, the proof, and the device is known. */
export async function enrolled(handset: Handset): Promise<{ device: Device; secret: string }> {
  const ask = async <T>(path: string, body?: unknown): Promise<T> => {
    const told = body === undefined ? { method: 'POST' } : { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }
    return (await (await handset.api.call(path, told)).json()) as T
  }
  const pair = await newDevicePair()
  const { nonce } = await ask<{ nonce: string }>('/api/accounts/devices/nonce')
  const { device, recovery_secret: secret } = await ask<{ device: { id: string; label: string }; recovery_secret: string }>('/api/accounts/devices', { nonce, label: '示例手机', ...(await deviceProof(pair, nonce)) })
  return { device: { id: device.id, label: device.label, pair }, secret }
}

export const die = (handset: Handset): void => kill(handset.life, handset.disk)

/** Replaces what a browser would bring: clock, chance, storage, network. The shipped code runs on it unchanged. */
export function installWorld(): void {
  installGate(() => here!.disk)
  Object.defineProperty(Dexie, 'dependencies', { value: { get indexedDB() { return here!.disk }, IDBKeyRange } })
  const Real = Date
  class Simulated extends Real {
    constructor(...given: []) {
      super(...((given.length ? given : [clock()]) as []))
    }
    static override now = clock
  }
  const reallyRandom = crypto.getRandomValues.bind(crypto)
  const derive = crypto.subtle.deriveBits.bind(crypto.subtle)
  Object.defineProperty(crypto, 'getRandomValues', { value: <T extends ArrayBufferView>(array: T): T => {
    // Nonces of the vault steer nothing and must never repeat under one key; ids come from the seed.
    if (array.byteLength === 12 || array.byteLength === 32) return reallyRandom(array as unknown as Uint8Array<ArrayBuffer>) as unknown as T
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
    for (let at = 0; at < bytes.length; at += 1) bytes[at] = chance.below(256)
    return array
  } })
  Object.defineProperty(crypto, 'randomUUID', { value: () => `${Array.from({ length: 8 }, () => chance.below(0x10000).toString(16).padStart(4, '0')).join('')}` })
  // Six digits are stretched for a second on a phone; a simulation opens thousands.
  Object.defineProperty(crypto.subtle, 'deriveBits', { value: (how: Pbkdf2Params, ...rest: [CryptoKey, number]) => derive('iterations' in how ? { ...how, iterations: 1 } : how, ...rest) })
  Math.random = () => chance.next()
  const navigator = { storage: { estimate: async () => ({ usage: SPACE - (here?.free ?? SPACE), quota: SPACE }), persist: async () => true, persisted: async () => true }, userAgent: 'simulation', onLine: true }
  Object.assign(globalThis, { Date: Simulated, BroadcastChannel: undefined, XMLHttpRequest: requestOf(() => ({ name: here!.name, life: here!.life })) })
  Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true })
}
