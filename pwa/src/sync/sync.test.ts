import 'fake-indexeddb/auto'
import { describe, expect, it, vi } from 'vitest'
import { createApi, type Account } from '../api/client'
import type { Arrived } from '../local/incoming'
import { pageLocks } from '../local/locks'
import { visitLog } from '../local/log'
import type { Store } from '../local/store'
import { answer, makeStore, VISIT } from '../local/testStore'
import { record, recordAll } from '../local/writer'
import { digest } from '../rules/canonical'
import { signedText, type Operation } from '../rules/operations'
import { backoff } from './backoff'
import { receiveChanges } from './receive'
import { sendOperations } from './send'
import { startSync } from './sync'
import { SYNC_TYPE, type Bundle, type BundleAnswer } from './wire'

/** The other side of the wire as sync.md 3 has it, in memory: it checks chain and signature, and can lose answers. */
class Counterpart {
  epoch = '1'
  operations: Operation[] = []
  requests: Bundle[][] = []
  loseNextAnswer = false
  rescueKey = { kid: 'k', key: '' }
  portal = false
  constructor(private readonly store: Store) {}

  logOf = (device: string, visit: string): Operation[] => this.operations.filter((one) => one.device === device && one.visit === visit)

  fetch = async (path: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const send = (body: unknown): Response => new Response(JSON.stringify(body), { headers: { 'Content-Type': SYNC_TYPE, Date: new Date().toUTCString() } })
    if (String(path).endsWith('/refresh')) return send({ access_token: 't', expires_in: 900, csrf: 'c', account: { id: this.store.account.id } as Account })
    if (this.portal) return new Response('<html>请登录</html>', { headers: { 'Content-Type': 'text/html' } })
    if (String(path).endsWith('/rescue/key')) return send(this.rescueKey)
    if (String(path).includes('/changes')) return send(this.changes(new URL(String(path), 'http://x').searchParams.get('after')))
    const { bundles } = (await new Response(unpacked(init!)).json()) as { bundles: Bundle[] }
    this.requests.push(bundles)
    const answers = []
    for (const bundle of bundles) answers.push(await this.take(bundle))
    if (this.loseNextAnswer) {
      this.loseNextAnswer = false
      throw new TypeError('Failed to fetch')
    }
    return send({ epoch: this.epoch, answers })
  }

  async take({ device, visit, from, to, hash, signature, operations }: Bundle): Promise<BundleAnswer> {
    const log = this.logOf(device, visit)
    expect(await digest(operations.at(-1))).toBe(hash)
    const bytes = Uint8Array.from(atob(signature.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0))
    const text = new TextEncoder().encode(signedText(device, visit, from, to, hash))
    expect(await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, this.store.device.pair.publicKey, bytes, text)).toBe(true)
    if (from > log.length + 1) return { device, visit, accepted_to: log.length, expected: log.length + 1, code: 'sync.gap', verdicts: [] }
    const fork = operations.some((one) => log[one.seq - 1] && log[one.seq - 1]!.id !== one.id)
    if (fork) return { device, visit, accepted_to: log.length, expected: null, code: 'sync.log_forked', verdicts: [] }
    const verdicts = operations.map((one) => {
      const known = log[one.seq - 1]
      if (!known) this.operations.push(one)
      const held = (one.body as { value?: string }).value === 'late'
      return { id: one.id, verdict: known ? ('duplicate' as const) : held ? ('held' as const) : ('applied' as const), reason: held ? 'locked' : null, position: this.operations.length }
    })
    return { device, visit, accepted_to: this.logOf(device, visit).length, expected: null, code: null, verdicts }
  }

  changes(after: string | null): unknown {
    const all: Arrived[] = this.operations.map((operation, n) => ({ operation, verdict: 'applied', position: n + 1 }))
    const page = all.slice(Number(after ?? 0), Number(after ?? 0) + 2)
    const end = Number(after ?? 0) + page.length
    return { epoch: this.epoch, cursor: String(end), more: end < all.length, visits: [], checklists: [], operations: page, removed: [], acknowledged: { safe_to: this.safeTo } }
  }
  safeTo = 0
}

function unpacked({ body, headers }: RequestInit): BodyInit {
  if (new Headers(headers).get('Content-Encoding') !== 'gzip') return body!
  return new Blob([body as ArrayBuffer]).stream().pipeThrough(new DecompressionStream('gzip'))
}

async function pair() {
  const store = await makeStore()
  const there = new Counterpart(store)
  const api = createApi({ fetch: there.fetch as typeof fetch, alone: pageLocks().alone, cookies: () => 'onevisit_csrf=c', now: Date.now })
  const states = async () => (await visitLog(store, VISIT).read()).map((one) => one.state)
  return { store, there, api, states }
}
const write = (store: Store, ...entries: string[]) => recordAll(store, VISIT, entries.map((entry) => ({ part: 'p', kind: 'answer.set' as const, body: answer(entry) })))

describe('sending', () => {
  it('brings every operation over and says received, only then', async () => {
    const { store, there, api, states } = await pair()
    await write(store, '1', '2', '3')
    expect(await states()).toEqual(['here', 'here', 'here'])
    await sendOperations(api, store)
    expect(there.operations.map((one) => one.seq)).toEqual([1, 2, 3])
    expect(await states()).toEqual(['received', 'received', 'received'])
  })

  it('delivers once though the answer was lost after the server had taken it', async () => {
    const { store, there, api, states } = await pair()
    await write(store, '1', '2')
    there.loseNextAnswer = true
    await expect(sendOperations(api, store)).rejects.toMatchObject({ code: 'net.unreachable' })
    expect(await states()).toEqual(['here', 'here'])
    await sendOperations(api, store)
    expect([there.operations.length, await states()]).toEqual([2, ['received', 'received']])
  })

  it('cuts a long log into bundles of at most 500', async () => {
    const { store, there, api } = await pair()
    await write(store, ...Array.from({ length: 620 }, (_, n) => String(n)))
    await sendOperations(api, store)
    expect(there.requests.flat().map(({ from, to }) => [from, to])).toEqual([[1, 500], [501, 620]])
    expect(there.operations).toHaveLength(620)
  })

  it('goes back to where the server stands after it lost the tail of the log', async () => {
    const { store, there, api, states } = await pair()
    await write(store, '1', '2', '3')
    await sendOperations(api, store)
    there.operations = there.operations.slice(0, 1)
    await write(store, '4')
    await sendOperations(api, store)
    expect([there.operations.map((one) => one.seq), await states()]).toEqual([[1, 2, 3, 4], Array(4).fill('received')])
  })

  it('keeps a held operation, with its reason', async () => {
    const { store, api } = await pair()
    await record(store, VISIT, 'p', 'answer.set', answer('1', 'late'))
    await sendOperations(api, store)
    expect((await visitLog(store, VISIT).read())[0]).toMatchObject({ state: 'received', verdict: 'held', reason: 'locked' })
  })

  it('stops at a captive portal with nothing lost', async () => {
    const { store, there, api, states } = await pair()
    await write(store, '1')
    there.portal = true
    await expect(sendOperations(api, store)).rejects.toMatchObject({ code: 'net.captive_portal' })
    expect(await states()).toEqual(['here'])
  })

  it('notices that its log was continued elsewhere', async () => {
    const { store, there, api } = await pair()
    await write(store, '1')
    there.operations = [{ ...(await visitLog(store, VISIT).read())[0]!.operation, id: '01890000-0000-7000-8000-00000000ffff' }]
    const sent = await sendOperations(api, store)
    expect([sent.deviceLost, sent.refused.map((one) => one.code)]).toEqual([true, ['sync.log_forked']])
  })
})

describe('receiving', () => {
  it('takes the other phones’ operations page by page and its own verdicts', async () => {
    const { store, there, api } = await pair()
    await write(store, '1')
    await sendOperations(api, store)
    const mine = there.operations[0]!
    there.operations.push(...[1, 2, 3, 4].map((seq) => ({ ...mine, device: 'other', seq, prev: null, id: `01890000-0000-7000-8000-00000000000${seq}`, by: 'inspector-2' })))
    await receiveChanges(api, store)
    const known = await visitLog(store, VISIT).read()
    expect(known.map((one) => [one.operation.device, one.own])).toEqual(expect.arrayContaining([[store.device.id, true], ['other', false]]))
    expect(known).toHaveLength(5)
    expect((await store.db.cursors.get('changes'))!.cursor).toBe('5')
  })

  it('keeps both places of a fact that was chained anew, and one that was refused unread', async () => {
    const { store, there, api } = await pair()
    await write(store, '1', '2')
    await sendOperations(api, store)
    const [first, second] = there.operations
    const refused = { operation: { ...second!, id: 'refused-2' }, verdict: 'refused', reason: 'id_reused', position: 2 }
    const again = { operation: { ...first!, device: 'older', seq: 7 }, verdict: 'applied', position: 3 }
    there.changes = () => ({ epoch: '1', cursor: '9', more: false, visits: [], checklists: [], operations: [refused, again], removed: [] })
    expect(await receiveChanges(api, store)).toBe(true)
    const known = await visitLog(store, VISIT).read()
    expect(known.map((one) => [one.operation.device, one.operation.seq, one.verdict])).toEqual(expect.arrayContaining([[store.device.id, 1, 'applied'], ['older', 7, 'applied'], [store.device.id, 2, 'refused']]))
    expect(known).toHaveLength(3)
  })

  it('lets go of a visit that was taken away while nobody could say so, once it asks from the beginning', async () => {
    const { store, api } = await pair()
    await receiveChanges(api, store)
    const sealed = await store.vault.seal({}, 'visits/x')
    await store.db.visits.bulkPut([{ id: 'x', removed_at: null, sealed }, { id: 'y', removed_at: 5, sealed }])
    await receiveChanges(api, store)
    expect(await store.db.visits.get('x')).toMatchObject({ removed_at: null })
    await store.db.cursors.update('changes', { cursor: null })
    await receiveChanges(api, store)
    expect((await store.db.visits.get('x'))!.removed_at).not.toBeNull()
    expect(await store.db.visits.get('y')).toMatchObject({ removed_at: 5 })
  })

  it('calls safe what is in a finished backup, and nothing else', async () => {
    const { store, there, api, states } = await pair()
    await write(store, '1', '2')
    await sendOperations(api, store)
    there.safeTo = 1
    await receiveChanges(api, store)
    expect(await states()).toEqual(['safe', 'received'])
  })

  it('offers everything again after the server was restored from a backup', async () => {
    const { store, there, api, states } = await pair()
    await write(store, '1', '2')
    await sendOperations(api, store)
    await receiveChanges(api, store)
    there.epoch = '2'
    there.operations = []
    await receiveChanges(api, store)
    expect(await states()).toEqual(['here', 'here'])
    await sendOperations(api, store)
    expect([there.operations.length, await states()]).toEqual([2, ['received', 'received']])
  })
})

describe('the running sync', () => {
  it('counts what waits, tells why it failed, and forgets the failure when it got through', async () => {
    const { store, there, api } = await pair()
    there.portal = true
    await write(store, '1', '2')
    const sync = startSync(api, store)
    await sync.now()
    await settled(() => sync.status.value.tally.operations.here === 2)
    expect(sync.status.value).toMatchObject({ problem: { code: 'net.captive_portal' }, lastContact: null })
    there.portal = false
    await sync.now()
    await settled(() => sync.status.value.tally.operations.received === 2)
    expect(sync.status.value).toMatchObject({ problem: null, tries: 0, running: false, tally: { operations: { here: 0 }, oldest: null } })
    expect(sync.status.value.lastContact).not.toBeNull()
    sync.stop()
  })

  it('asks every ten seconds while a screen waits for others, and no longer afterwards', async () => {
    const { store, api } = await pair()
    const later = vi.spyOn(globalThis, 'setTimeout')
    const soon = (): boolean => later.mock.calls.splice(0).some(([, after]) => after === 10_000)
    const sync = startSync(api, store)
    const asked: boolean[] = []
    await sync.now()
    asked.push(soon())
    const calm = sync.hurry()
    await sync.now()
    asked.push(soon())
    calm()
    await sync.now()
    asked.push(soon())
    sync.stop()
    later.mockRestore()
    expect(asked).toEqual([false, true, false])
  })

  it('leaves the sending to one tab', async () => {
    const { store, there, api } = await pair()
    await write(store, '1')
    const syncs = [startSync(api, store), startSync(api, store)]
    await Promise.all(syncs.map((sync) => sync.now()))
    await settled(() => there.operations.length === 1)
    expect(there.requests.flat().map(({ from, to }) => [from, to])).toEqual([[1, 1]])
    syncs.forEach((sync) => sync.stop())
  })
})

async function settled(is: () => boolean): Promise<void> {
  for (let n = 0; n < 200 && !is(); n++) await new Promise((resolve) => setTimeout(resolve, 10))
  expect(is()).toBe(true)
}

describe('waiting', () => {
  it('doubles up to five minutes, spread over half', () => {
    expect([1, 2, 3, 20].map((n) => backoff(n, () => 1))).toEqual([2000, 4000, 8000, 300_000])
    expect(backoff(3, () => 0)).toBe(4000)
  })
})
