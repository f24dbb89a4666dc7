import 'fake-indexeddb/auto'
import { describe, expect, it } from 'vitest'
import { newDevicePair, signText } from '../local/keys'
import type { Store } from '../local/store'
import { makeStore } from '../local/testStore'
import { visitPlace } from '../local/visits'
import { recordAll } from '../local/writer'
import { cases } from '../rules/cases'
import type { DeviceOf, VisitPackage } from '../rules/package'
import { packVisit, takeIn } from './relay'

const { package: given } = cases<{ package: VisitPackage }>('manifest_visit')
const VISIT = given.id
const [BEFORE, LISTED, AFTER] = ['2026-11-09T01:00:00+00:00', '2026-11-09T02:00:00+00:00', '2026-11-09T02:00:00.001000+00:00']
const [server, stranger] = [await newDevicePair(), await newDevicePair()]
const halves = async (pair: CryptoKeyPair): Promise<{ x: string; y: string }> => {
  const { x, y } = await crypto.subtle.exportKey('jwk', pair.publicKey)
  return { x: x!, y: y! }
}

/** A phone as the server signs for it: enrolled then, by this inspector. */
async function phone(id: string, inspector: string, enrolled_at: string, signer = server): Promise<{ store: Store; said: DeviceOf }> {
  const store = await makeStore({ inspector })
  store.device = { ...store.device, id }
  const { x, y } = await halves(store.device.pair)
  const certificate = await signText(signer, `onevisit-enrolment/1|${id}|${inspector}|${x}|${y}|${enrolled_at}`)
  return { store, said: { id, inspector, x, y, enrolled_at, certificate } }
}
/** The package as a phone had it from the server at that moment. */
async function told(store: Store, devices: DeviceOf[], over: Partial<VisitPackage> = {}): Promise<void> {
  const visit = { ...given, devices, devices_at: LISTED, server_key: await halves(server), ...over }
  await store.db.visits.put({ id: VISIT, removed_at: null, sealed: await store.vault.seal(visit, visitPlace(VISIT)) })
}
const write = (store: Store) => recordAll(store, VISIT, ['b1', 'b2'].map((entry) => ({ part: '632525-ga', kind: 'answer.set' as const, body: { item: 'security', entry, value: 'pass', note: null, phrases: [] } })))
const hand = async (from: Store, to: Store) => (await takeIn(to, (await packVisit(from, VISIT)).bytes)).logs

describe('a phone enrolled after the other last heard the server', () => {
  it('brings the server\'s word for itself, and is taken in without a network', async () => {
    const [fresh, leader] = [await phone('fresh', 'li', AFTER), await phone('leader', 'ma', BEFORE)]
    await told(fresh.store, [fresh.said, leader.said])
    await told(leader.store, [leader.said])
    await write(fresh.store)
    expect(await hand(fresh.store, leader.store)).toMatchObject([{ device: 'fresh', inspector: 'li', name: '示例李', fresh: 2, held: 0, problem: null }])
  })

  it('is vouched for also through a third phone that had not heard of it either', async () => {
    const [fresh, third, leader] = [await phone('fresh', 'li', AFTER), await phone('third', 'ma', BEFORE), await phone('leader', 'ma', BEFORE)]
    await told(fresh.store, [fresh.said])
    for (const { store } of [third, leader]) await told(store, [third.said, leader.said])
    await write(fresh.store)
    await hand(fresh.store, third.store)
    expect(await hand(third.store, leader.store)).toMatchObject([{ device: 'fresh', fresh: 2, problem: null }])
  })

  it.each([
    ['enrolled before the list was made and not on it: its right was taken away', 'li', BEFORE, server, {}, {}],
    ['enrolled in the very moment of the list', 'li', LISTED, server, {}, {}],
    ['signed by somebody else', 'li', AFTER, stranger, {}, {}],
    ['nobody of the team', 'stranger', AFTER, server, {}, {}],
    ['with another\'s name on it', 'li', AFTER, server, { inspector: 'ma' }, {}],
    ['with a later moment on it', 'li', BEFORE, server, { enrolled_at: AFTER }, {}],
    ['with a moment that is none', 'li', 'soon', server, {}, {}],
    ['with a certificate of another phone', 'li', AFTER, server, { id: 'another' }, {}],
    ['without a certificate', 'li', AFTER, server, { certificate: undefined }, {}],
    ['before a package that knows no server key', 'li', AFTER, server, {}, { server_key: undefined }],
    ['before a package without the moment of its list', 'li', AFTER, server, {}, { devices_at: undefined }],
  ])('is refused: %s', async (_, inspector, at, signer, change, over) => {
    const [fresh, leader] = [await phone('fresh', inspector, at, signer), await phone('leader', 'ma', BEFORE)]
    await told(leader.store, [leader.said], over as Partial<VisitPackage>)
    await told(fresh.store, [])
    await write(fresh.store)
    const { inflated, deflated } = await import('./deflate')
    const packed = JSON.parse(await inflated((await packVisit(fresh.store, VISIT)).bytes)) as { logs: { enrolment?: object }[] }
    packed.logs[0]!.enrolment = { ...fresh.said, ...change }
    const { logs } = await takeIn(leader.store, await deflated(JSON.stringify(packed)))
    expect(logs.map(({ problem }) => problem?.code)).toEqual(['relay.unknown_device'])
    expect(await leader.store.db.operations.count()).toBe(0)
  })

  it('signs with the certified key and no other', async () => {
    const [fresh, leader] = [await phone('fresh', 'li', AFTER), await phone('leader', 'ma', BEFORE)]
    await told(fresh.store, [fresh.said])
    await told(leader.store, [leader.said])
    fresh.store.device = { ...fresh.store.device, pair: await newDevicePair() }
    await write(fresh.store)
    expect((await hand(fresh.store, leader.store)).map(({ problem }) => problem?.code)).toEqual(['relay.bad_signature'])
  })
})
