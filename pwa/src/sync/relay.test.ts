import 'fake-indexeddb/auto'
import { describe, expect, it } from 'vitest'
import { createApi } from '../api/client'
import { dropCarried, offerCarried, refusedLogs } from '../local/carried'
import { pageLocks } from '../local/locks'
import { visitLog } from '../local/log'
import { offerEverything } from '../local/outgoing'
import { stateOf } from '../local/record'
import type { Store } from '../local/store'
import { makeStore } from '../local/testStore'
import { visitPlace } from '../local/visits'
import { record, recordAll, rowOf } from '../local/writer'
import { cases } from '../rules/cases'
import { manifest, manifestDigest, type Manifest } from '../rules/manifest'
import { parseOperation, type Operation } from '../rules/operations'
import type { DeviceOf, VisitPackage } from '../rules/package'
import { mayConfirm } from '../rules/signers'
import { leaders } from '../rules/team'
import { filmOf, watchFilm } from './frames'
import { isRelayFile, openFile, sealFile } from './relayFile'
import { packVisit, takeIn } from './relay'
import { sendCarried } from './relayOn'
import { SYNC_TYPE, type Bundle } from './wire'

interface Made { name: string; operations: unknown[]; at: string; supplement: boolean; expect: { manifest: Manifest; digest: string } }
const table = cases<{ package: VisitPackage; made: Made[] }>('manifest_visit')
const VISIT = table.package.id
const POLICE = '632525-ga'

/** A phone of the case's team; the package with everybody's keys lies on each. */
async function phones(owners: Record<string, string>): Promise<Record<string, Store>> {
  const made: Record<string, Store> = {}
  const devices: DeviceOf[] = []
  for (const [id, inspector] of Object.entries(owners)) {
    const store = await makeStore({ inspector })
    store.device = { ...store.device, id }
    const { x, y } = await crypto.subtle.exportKey('jwk', store.device.pair.publicKey)
    devices.push({ id, inspector, x: x!, y: y! })
    made[id] = store
  }
  for (const store of Object.values(made)) await store.db.visits.put({ id: VISIT, removed_at: null, sealed: await store.vault.seal({ ...table.package, devices }, visitPlace(VISIT)) })
  return made
}
const keep = async (store: Store, operations: readonly Operation[]): Promise<void> => {
  for (const operation of operations) await store.db.operations.add((await rowOf(store, operation, true)).row)
}
const known = async (store: Store) => stateOf(await visitLog(store, VISIT).read())
const hand = async (from: Store, to: Store) => await takeIn(to, (await packVisit(from, VISIT)).bytes)
const answers = (count: number) => Array.from({ length: count }, (_, n) => ({ part: POLICE, kind: 'answer.set' as const, body: { item: 'security', entry: `b${n + 1}`, value: 'pass', note: n === 3 ? '二层东走廊摄像头无画面，当场要求检修' : null, phrases: [] } }))

describe('what phones hand over', () => {
  it.each(table.made.filter((one) => !one.supplement).map((one) => [one.name, one] as const))('comes to the case\'s manifest on the leader\'s phone: %s', async (_, one) => {
    const operations = one.operations.map(parseOperation)
    const logs = new Map<string, Operation[]>()
    for (const operation of operations) logs.set(operation.device, [...(logs.get(operation.device) ?? []), operation])
    const there = await phones(Object.fromEntries([...logs].map(([device, [first]]) => [device, first!.by])))
    for (const [device, log] of logs) await keep(there[device]!, log.sort((a, b) => a.seq - b.seq))
    const [leader, ...others] = Object.values(there)
    // One hands over through another: any phone may carry another's.
    for (const [n, other] of others.entries()) await hand(other, others[n + 1] ?? leader!)
    const state = await known(leader!)
    const made = manifest(table.package, state, one.at)
    expect(await manifestDigest(made)).toBe(one.expect.digest)
    expect(await manifestDigest(made)).toBe(await manifestDigest(one.expect.manifest))
  })

  it('is small: twenty answers are a few pictures of a film', async () => {
    const { a } = await phones({ a: 'li' })
    await recordAll(a!, VISIT, answers(20))
    const { bytes, operations } = await packVisit(a!, VISIT)
    const film = await filmOf(bytes)
    expect(operations).toBe(20)
    expect(film.blocks).toBeLessThanOrEqual(6)
    const watch = watchFilm()
    let seen = await watch(film.picture(0))
    for (let n = 1; !seen!.message; n += 1) seen = await watch(film.picture(n))
    expect(seen!.message).toEqual(bytes)
  })

  it('is taken in once, and told', async () => {
    const { a, b } = await phones({ a: 'li', b: 'ma' })
    await recordAll(a!, VISIT, answers(2))
    expect((await hand(a!, b!)).logs).toMatchObject([{ name: expect.any(String), fresh: 2, known: 0, held: 0, problem: null }])
    await record(a!, VISIT, POLICE, 'answer.set', answers(3)[2]!.body)
    expect((await hand(a!, b!)).logs).toMatchObject([{ fresh: 1, known: 2 }])
    expect((await hand(a!, b!)).logs).toMatchObject([{ fresh: 0, known: 3 }])
    expect((await hand(b!, a!)).logs.map(({ problem }) => problem)).toEqual([null])
    expect(await b!.db.carried.toArray()).toMatchObject([{ device: 'a', from: 1, to: 3 }])
  })
})

describe('a leader\'s phone that is dead', () => {
  it('is replaced by another member\'s, told from phone to phone, also through a third', async () => {
    const { a, b, c } = await phones({ a: 'ma', b: 'cai', c: 'qi' })
    await record(a!, VISIT, null, 'lead.take', { reason: '组长的手机没电了' })
    await recordAll(a!, VISIT, answers(2))
    await hand(a!, b!)
    expect((await hand(b!, c!)).logs).toMatchObject([{ device: 'a', fresh: 3, held: 0 }])
    const state = await known(c!)
    expect(leaders(table.package, state)).toEqual(['ma'])
    expect([mayConfirm(table.package, state, 'ma', [POLICE]), mayConfirm(table.package, state, 'li', [POLICE])]).toEqual([true, false])
    // Nobody of another department takes it.
    await record(b!, VISIT, null, 'lead.take', { reason: '我来' })
    expect((await hand(b!, a!)).logs).toMatchObject([{ device: 'b', held: 1 }, { device: 'a' }])
    expect(leaders(table.package, await known(a!))).toEqual(['ma'])
  })
})

describe('what comes after the signature', () => {
  it('is kept, shown, and does not change what was signed', async () => {
    const operations = table.made.find(({ name }) => name === 'both parts')!.operations.map(parseOperation)
    const of = (device: string) => operations.filter((one) => one.device === device).sort((a, b) => a.seq - b.seq)
    const [first, ...rest] = [...new Set(operations.map(({ device }) => device))]
    const there = await phones(Object.fromEntries([first!, ...rest].map((device) => [device, of(device)[0]!.by])))
    for (const [device, store] of Object.entries(there)) {
      await keep(store, of(device))
      const last = (await store.db.operations.where('visit').equals(VISIT).sortBy('seq')).at(-1)!
      await store.db.heads.put({ device, visit: VISIT, seq: last.seq, hash: last.hash })
    }
    const leader = there[first!]!
    const late = Object.values(there).find(({ account }) => account.inspector === 'cai')!
    for (const device of rest) await hand(there[device]!, leader)
    const signed = manifest(table.package, await known(leader), '2026-11-10T11:20:00+08:00')
    const digest = await manifestDigest(signed)
    await record(leader, VISIT, null, 'confirm', { digest, manifest: signed, marks: { signature: { strokes: [[[1, 2]]], png_hash: 'a'.repeat(64) }, stamp: null, no_stamp_reason: null }, signer: { name: '示例', role: 'person_in_charge' }, objection: null, refusal: null, witness: null, place: null, at: signed.header.to })
    await record(late, VISIT, '632525-wj', 'note.add', { item: null, entry: null, text: '签完才想起来的' })
    expect((await hand(late, leader)).logs.find(({ device }) => device === late.device.id)).toMatchObject({ fresh: 1, held: 1 })
    const state = await known(leader)
    expect(state.confirmations).toMatchObject([{ digest, state: 'locked', missing: [], unequal: [] }])
    expect(state.held.map(({ reason, kind }) => [reason, kind])).toEqual([['locked', 'note.add']])
    expect(state.parts['632525-wj']!.record.notes.map(({ text }) => text)).not.toContain('签完才想起来的')
  })
})

describe('what is refused', () => {
  const changed = async (from: Store, to: Store, change: (packed: { logs: { operations: unknown[][]; signature: string; device: string }[] }) => void) => {
    const { bytes } = await packVisit(from, VISIT)
    const { inflated, deflated } = await import('./deflate')
    const packed = JSON.parse(await inflated(bytes)) as Parameters<typeof change>[0]
    change(packed)
    return await takeIn(to, await deflated(JSON.stringify(packed)))
  }

  it('a changed answer, another signature, an unknown phone, another phone\'s name', async () => {
    const { a, b } = await phones({ a: 'li', b: 'ma' })
    await recordAll(a!, VISIT, answers(3))
    const codes = async (change: Parameters<typeof changed>[2]) => (await changed(a!, b!, change)).logs.map(({ problem }) => problem?.code)
    expect(await codes((packed) => ((packed.logs[0]!.operations[1]![3] as { value: string }).value = 'fail'))).toEqual(['relay.bad_signature'])
    expect(await codes((packed) => packed.logs[0]!.operations.pop())).toEqual(['relay.bad_signature'])
    expect(await codes((packed) => (packed.logs[0]!.signature = 'A'.repeat(86)))).toEqual(['relay.bad_signature'])
    expect(await codes((packed) => (packed.logs[0]!.device = 'stranger'))).toEqual(['relay.unknown_device'])
    expect(await codes((packed) => (packed.logs[0]!.device = 'b'))).toEqual([undefined])
    expect(await b!.db.operations.count()).toBe(0)
  })

  it('what is no record, is of another visit, or says nothing', async () => {
    const { a, b } = await phones({ a: 'li', b: 'ma' })
    await expect(packVisit(a!, VISIT)).rejects.toMatchObject({ code: 'relay.nothing' })
    await expect(takeIn(b!, new Uint8Array([9, 9, 9]))).rejects.toMatchObject({ code: 'relay.unreadable' })
    await expect(takeIn(b!, new Uint8Array([1, 2, 3, 4]))).rejects.toMatchObject({ code: 'relay.unreadable' })
    await recordAll(a!, VISIT, answers(1))
    await b!.db.visits.clear()
    await expect(hand(a!, b!)).rejects.toMatchObject({ code: 'relay.unknown_visit' })
  })

  it('a foreign department\'s part is kept and does not count', async () => {
    const { a, b } = await phones({ a: 'cai', b: 'li' })
    await recordAll(a!, VISIT, answers(2))
    expect((await hand(a!, b!)).logs).toMatchObject([{ fresh: 2, held: 2 }])
    const state = await known(b!)
    expect(state.parts[POLICE]?.record.answers ?? {}).toEqual({})
    expect(state.held.map(({ reason }) => reason)).toEqual(['other_part', 'other_part'])
  })
})

describe('a file', () => {
  it('opens with its own key and no other, and what is none is said to be none', async () => {
    const message = new TextEncoder().encode('示例'.repeat(50))
    const [one, other] = [await sealFile(message, 'a'), await sealFile(message, 'a')]
    expect(await openFile(one.file, one.key)).toEqual(message)
    expect(await isRelayFile(one.file)).toBe(true)
    expect(await isRelayFile(new Blob(['onevisit-rescue/1\n…']))).toBe(false)
    for (const key of [other.key, 'OV1K:AAA', 'https://example.org']) await expect(openFile(one.file, key)).rejects.toMatchObject({ code: 'relay.wrong_key' })
    expect(new TextDecoder().decode(await one.file.arrayBuffer())).not.toContain('示例')
  })
})

describe('what is carried', () => {
  const lines = (answer: (bundles: Bundle[]) => object) => {
    const sent: Bundle[][] = []
    const fetch = async (path: RequestInfo | URL, init: RequestInit = {}): Promise<Response> => {
      if (String(path).endsWith('/refresh')) return Response.json({ access_token: 't', expires_in: 900, csrf: 'c', account: { id: 'account' } })
      const bytes = new Uint8Array(await new Response(init.body as BodyInit).arrayBuffer())
      const text = bytes[0] === 0x1f ? await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).text() : new TextDecoder().decode(bytes)
      const { bundles } = JSON.parse(text) as { bundles: Bundle[] }
      sent.push(bundles)
      return new Response(JSON.stringify({ epoch: 'e1', answers: bundles.map((bundle) => ({ device: bundle.device, visit: bundle.visit, detail: null, ...answer([bundle]) })) }), { headers: { 'Content-Type': SYNC_TYPE } })
    }
    const api = createApi({ fetch: fetch as typeof globalThis.fetch, alone: pageLocks().alone, cookies: () => 'onevisit_csrf=c', now: Date.now })
    return { api, sent }
  }

  it('goes to the server as it was signed, once, and is forgotten when it is there', async () => {
    const { a, b } = await phones({ a: 'li', b: 'ma' })
    const written = await recordAll(a!, VISIT, answers(3))
    await hand(a!, b!)
    const refusing = lines(() => ({ accepted_to: 0, expected: null, code: 'sync.unknown_visit', verdicts: [] }))
    await sendCarried(refusing.api, b!)
    expect(await b!.db.carried.count()).toBe(1)
    const taking = lines(([bundle]) => ({ accepted_to: bundle!.to, expected: bundle!.to + 1, code: null, verdicts: bundle!.operations.map(({ id }, n) => ({ id, verdict: 'applied', reason: null, position: n + 1 })) }))
    await sendCarried(taking.api, b!)
    await sendCarried(taking.api, b!)
    expect(taking.sent).toHaveLength(1)
    expect(taking.sent[0]![0]).toMatchObject({ device: 'a', from: 1, to: 3, hash: written[2]!.hash, operations: written.map(({ operation }) => operation) })
    expect(await b!.db.carried.count()).toBe(0)
    expect((await b!.db.operations.toArray()).map(({ state, verdict }) => [state, verdict])).toEqual(Array.from({ length: 3 }, () => ['received', 'applied']))
  })

  it.each(['sync.unknown_device', 'sync.bad_signature', 'sync.log_forked'])('is offered no more when the server will never take it, and waits for a person: %s', async (code) => {
    const { a, b } = await phones({ a: 'li', b: 'ma' })
    await recordAll(a!, VISIT, answers(3))
    await hand(a!, b!)
    const refusing = lines(() => ({ accepted_to: 0, expected: null, code, detail: '示例原因', verdicts: [] }))
    await sendCarried(refusing.api, b!)
    await sendCarried(refusing.api, b!)
    expect(refusing.sent).toHaveLength(1)
    expect(await refusedLogs(b!)).toMatchObject([{ code, detail: '示例原因', owner: '示例李', row: { device: 'a', from: 1, to: 3 } }])
    // Nothing of it left the phone, and it can be handed on.
    expect((await packVisit(b!, VISIT)).operations).toBe(3)
    await offerCarried(b!)
    expect(await refusedLogs(b!)).toEqual([])
    await sendCarried(refusing.api, b!)
    expect(refusing.sent).toHaveLength(2)
    await offerEverything(b!)
    expect(await refusedLogs(b!)).toEqual([])
    await sendCarried(refusing.api, b!)
    await dropCarried(b!, (await refusedLogs(b!))[0]!.row)
    expect([await b!.db.carried.count(), await b!.db.operations.count()]).toEqual([0, 3])
  })
})
