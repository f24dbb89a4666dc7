import 'fake-indexeddb/auto'
import { createApp, effectScope, shallowRef } from 'vue'
import { describe, expect, it } from 'vitest'
import type { VisitPackage } from '../rules/package'
import { hashBytes } from './blobs'
import { keepPage } from './incoming'
import { keepAnswer } from './outgoing'
import type { Phone } from './phone'
import type { Store } from './store'
import { answer, makeStore, VISIT } from './testStore'
import { PHONE } from './usePhone'
import { useVisit, type OpenVisit } from './useVisit'
import { useVisits } from './useVisits'
import { record } from './writer'

function inApp<T>(store: Store, use: () => T): T {
  const app = createApp({})
  app.provide(PHONE, { store: shallowRef(store) } as unknown as Phone)
  return app.runWithContext(() => effectScope().run(use)!)
}
async function until(is: () => boolean): Promise<void> {
  for (let n = 0; n < 200 && !is(); n++) await new Promise((resolve) => setTimeout(resolve, 10))
  expect(is()).toBe(true)
}
async function open(): Promise<{ store: Store; visit: OpenVisit }> {
  const store = await makeStore()
  const list = { id: 'l', version: 1, hash: 'h'.repeat(64), entries: [{ id: '1' }] }
  const sent = { id: VISIT, subject: { name: '示例宾馆' }, parts: [{ department: { id: 'p', name: '' }, items: [{ id: 'item-1', checklist: { id: 'l', version: 1, hash: list.hash } }] }] } as unknown as VisitPackage
  await keepPage(store, { epoch: '1', cursor: '1', visits: [sent], checklists: [list as never], operations: [], removed: [] })
  const visit = inApp(store, () => useVisit(VISIT))
  await until(() => visit.loaded.value)
  return { store, visit }
}

describe('an open visit', () => {
  it('has its package with the checklist that travelled apart', async () => {
    const { visit } = await open()
    expect(visit.visit.value!.subject.name).toBe('示例宾馆')
    expect(visit.visit.value!.parts[0]!.items[0]!.checklist.entries).toHaveLength(1)
  })

  it('shows what was written as soon as it is written, with its whereabouts', async () => {
    const { visit } = await open()
    const { operation } = await visit.record('p', 'answer.set', answer('1'))
    expect(visit.state.value.parts['p']!.record.answers['item-1']!['1']!.value).toBe('pass')
    expect(visit.whereabouts(operation.id)).toBe('here')
  })

  it('keeps its package when a change is read beside the first reading, and reads again when the store was closed', async () => {
    const { store } = await open()
    const { open: unseal } = store.vault
    let failures = 0
    store.vault.open = (async (sealed, place) => {
      if (place.startsWith('visits/')) await new Promise((resolve) => setTimeout(resolve, 300))
      if (failures-- > 0) throw new Error('closed')
      return await unseal(sealed, place)
    }) as typeof unseal
    const overlapped = inApp(store, () => useVisit(VISIT))
    store.changes.tell({ visit: VISIT, what: 'operations' })
    await new Promise((resolve) => setTimeout(resolve, 600))
    expect(overlapped.visit.value?.subject.name).toBe('示例宾馆')
    failures = 1
    const again = inApp(store, () => useVisit(VISIT))
    await until(() => again.visit.value !== null)
  })

  it('corrects without a conflict, because it names what it saw', async () => {
    const { visit } = await open()
    await visit.record('p', 'answer.set', answer('1'))
    await visit.record('p', 'answer.set', answer('1', 'fail'))
    expect(visit.state.value.parts['p']).toMatchObject({ conflicts: [], record: { answers: { 'item-1': { 1: { value: 'fail' } } } } })
  })

  it('shows both values when another phone wrote unseen', async () => {
    const { store, visit } = await open()
    const { operation } = await visit.record('p', 'answer.set', answer('1'))
    const other = { ...operation, id: operation.id.replace(/^.{8}/, '01999999'), device: 'other', by: 'inspector-2', body: answer('1', 'fail') }
    await keepPage(store, { epoch: '1', cursor: '2', visits: [], checklists: [], operations: [{ operation: other, verdict: 'applied', position: 1 }], removed: [] })
    await until(() => visit.state.value.parts['p']!.conflicts.length === 1)
    expect(visit.state.value.parts['p']!.conflicts).toEqual(['answer/item-1/1'])
  })

  it('draws nothing anew for what only travelled on, and reads no package again for a tap', async () => {
    const { store, visit } = await open()
    const before = visit.visit.value
    const { operation } = await visit.record('p', 'answer.set', answer('1'))
    const state = visit.state.value
    await keepAnswer(store, store.device.id, VISIT, 1, [])
    await until(() => visit.whereabouts(operation.id) === 'received')
    expect(visit.state.value).toBe(state)
    expect(visit.visit.value).toBe(before)
    await keepAnswer(store, store.device.id, VISIT, 1, [{ id: operation.id, verdict: 'held', reason: 'not_on_team', position: 1 }])
    await until(() => visit.state.value !== state)
    expect(visit.state.value.held).toMatchObject([{ id: operation.id, reason: 'not_on_team' }])
  })

  it('shows what another part of this tab wrote, with its files, without asking the disk for the rest', async () => {
    const { store, visit } = await open()
    const bytes = new ArrayBuffer(3)
    const hash = await hashBytes(bytes)
    const photo = { hash, size: 3, taken_at: '2026-11-21T10:00:00+08:00', caption: null, item: 'item-1', entry: '1', position: null, accuracy_m: null, width: 1, height: 1, mime: 'image/jpeg' as const, reencoded_from: null }
    await record(store, VISIT, 'p', 'photo.add', photo, { files: [{ hash, bytes, type: 'image/jpeg' }] })
    expect(visit.state.value.parts['p']!.record.photos).toMatchObject([{ hash }])
    await until(() => visit.files.value.has(hash))
  })

  it('stands in 我的任务 with what is unsent', async () => {
    const { store, visit } = await open()
    await visit.recordAll(['1', '2'].map((entry) => ({ part: 'p', kind: 'answer.set', body: answer(entry) })))
    const { visits, loaded } = inApp(store, () => useVisits())
    await until(() => loaded.value)
    expect(visits.value.map((one) => [one.visit.subject.name, one.unsent])).toEqual([['示例宾馆', 2]])
  })
})
