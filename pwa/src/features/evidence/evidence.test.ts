import 'fake-indexeddb/auto'
import { describe, expect, it, vi } from 'vitest'
import { hashBytes } from '../../local/blobs'
import { addPage, pagesOf } from '../../local/gathering'
import { visitLog } from '../../local/log'
import { keepVisit, onScreen } from '../../local/testScreen'
import { makeStore, VISIT } from '../../local/testStore'
import { parseOperation } from '../../rules/operations'
import type { Letter } from '../../ui/letters'
import { hashFile } from './hashFile'
import { linesOf } from './letterPicture'
import { nextNumber } from './numbers'
import { useGathered } from './useGathered'
import { bareType, soundPieces, typeFor } from './useRecorder'
import { useThing } from './useThing'
import { useTranscript } from './useTranscript'

async function phone() {
  const store = await makeStore()
  await keepVisit(store)
  return store
}
const PLACE = { item: 'item-1', entry: null }
const paper = (id = VISIT) => useThing(id, 'paper', { ...PLACE, id } as typeof PLACE, { name: '', number: '', copies: 1, kept: false, note: '' }, (now) => ({ name: now.name.trim(), number: now.number || null, copies: Number(now.copies), kept: now.kept, note: null }))
const photo = (n: number) => ({ hash: String(n).padStart(64, '0'), size: 9, taken_at: '2026-11-10T10:00:00+08:00', caption: null, ...PLACE, position: null, accuracy_m: null, width: 4, height: 3, mime: 'image/jpeg' as const, reencoded_from: null })

describe('a file named by its hash', () => {
  it('has the same hash in pieces as in one, and says how far it is', async () => {
    const bytes = new Uint8Array(9 * 1024 * 1024 + 17).map((_, n) => n % 251)
    const heard: number[] = []
    expect(await hashFile(new Blob([bytes]), (done) => heard.push(done))).toBe(await hashBytes(bytes.buffer))
    expect(heard).toEqual([4 * 1024 * 1024, 8 * 1024 * 1024, bytes.length])
  })

  it('can be given up half way', async () => {
    const stop = new AbortController()
    await expect(hashFile(new Blob([new Uint8Array(9 * 1024 * 1024)]), () => stop.abort(), stop.signal)).rejects.toMatchObject({ name: 'AbortError' })
  })
})

describe('a recording', () => {
  it('takes what the browser can, and is named without codecs', () => {
    expect(typeFor('audio', (type) => type === 'audio/mp4')).toBe('audio/mp4')
    expect(typeFor('clip', () => false)).toBeNull()
    expect(bareType('video/webm;codecs=vp8,opus')).toBe('video/webm')
  })

  it('is found again piece by piece after the page was killed, and gone once it was kept', async () => {
    const store = await phone()
    const first = soundPieces(store, 'p')
    await first.begin('audio/webm;codecs=opus')
    void first.add(new Uint8Array([1, 2]).buffer, 3)
    await first.add(new Uint8Array([3]).buffer, 6)
    const found = await soundPieces(store, 'p').whole()
    expect([found?.type, found?.seconds, [...new Uint8Array(found!.bytes)]]).toEqual(['audio/webm', 6, [1, 2, 3]])
    await soundPieces(store, 'p').clear()
    expect(await soundPieces(store, 'p').whole()).toBeNull()
  })

  it('lies sealed on the disk while it is being made', async () => {
    const store = await phone()
    const pieces = soundPieces(store, 'p')
    await pieces.begin('audio/webm')
    await pieces.add(new TextEncoder().encode('SECRETWORDS').buffer, 3)
    expect(JSON.stringify(await store.db.settings.toArray(), (_, value: unknown) => (value instanceof ArrayBuffer || ArrayBuffer.isView(value) ? Buffer.from(value as Uint8Array).toString('latin1') : value))).not.toContain('SECRETWORDS')
  })

  it('becomes one fact with its bytes, and can be taken back', async () => {
    const store = await phone()
    const { screen, leave } = onScreen(store, () => useGathered(VISIT))
    await vi.waitFor(() => expect(screen.part.value).not.toBeNull())
    const bytes = new Uint8Array([1, 2, 3]).buffer
    const hash = await hashBytes(bytes)
    const body = { hash, size: 3, taken_at: '2026-11-10T10:00:00+08:00', caption: null, item: null, entry: null, position: null, accuracy_m: null, mime: 'video/webm' as const, seconds: 3 }
    const done = await screen.add('clip.add', body, [{ hash, bytes, type: 'video/webm' }])
    expect(screen.record.value?.clips).toHaveLength(1)
    expect((await store.db.blobs.get(hash))?.state).toBe('here')
    await screen.takeBack('clip', done!.operation.id, '录错了')
    expect(screen.record.value?.clips).toBeUndefined()
    expect(await store.db.bytes.get(hash)).toBeDefined()
    for (const { operation } of await visitLog(store, VISIT).read()) parseOperation(operation)
    leave()
  })
})

describe('a paper with pages', () => {
  it('keeps its draft and its pages through a killed page, in the order they were taken', async () => {
    const store = await phone()
    const { screen, leave } = onScreen(store, () => paper())
    await vi.waitFor(() => expect([screen.part.value !== null, screen.ready.value]).toEqual([true, true]))
    screen.form.name = '营业执照'
    const taken = [await screen.add('photo.add', photo(1)), await screen.add('photo.add', photo(2))]
    const key = new URLSearchParams(screen.camera.split('?')[1]).get('pages')!
    for (const one of taken) await addPage(store, key, one!.operation.id)
    await vi.waitFor(async () => expect(await store.db.settings.get(`paper/${VISIT}/item-1/`)).toBeDefined())
    leave()
    const { screen: again } = onScreen(store, () => paper())
    await vi.waitFor(() => expect([again.form.name, again.photos.value.length]).toEqual(['营业执照', 2]))
    await again.leaveOut(taken[0]!.operation.id)
    expect(await again.save()).toBe(true)
    expect(again.record.value?.papers[0]).toMatchObject({ name: '营业执照', item: 'item-1', photos: [taken[1]!.operation.id] })
    expect([await pagesOf(store, key), again.record.value?.photos.length]).toEqual([[], 2])
    // As the server reads it: a page's props are no part of a fact.
    for (const { operation } of await visitLog(store, VISIT).read()) parseOperation(operation)
  })

  it('stays as it is when it could not be written', async () => {
    const store = await phone()
    const { screen, leave } = onScreen(store, () => paper())
    await vi.waitFor(() => expect([screen.part.value !== null, screen.ready.value]).toEqual([true, true]))
    screen.form.name = '台账'
    const full = vi.spyOn(store.db.operations, 'bulkAdd').mockRejectedValueOnce(new DOMException('full', 'QuotaExceededError'))
    expect(await screen.save()).toBe(false)
    expect([screen.problem.value?.code, screen.form.name]).toEqual(['phone.not_saved', '台账'])
    full.mockRestore()
    leave()
  })

  it('numbers what is taken along without asking anybody, never twice', () => {
    const part = { department: { id: 'b' } } as never
    const visit = { visit_no: 'GN-1', parts: [{ department: { id: 'a' } }, { department: { id: 'b' } }] } as never
    const there = { record: { samples: [1], evidence: [] }, withdrawn: [{ kind: 'sample.add' }, { kind: 'evidence.take' }] } as never
    expect([nextNumber(visit, part, there, 'samples'), nextNumber(visit, part, there, 'evidence'), nextNumber(visit, part, undefined, 'samples')]).toEqual(['GN-1-2-样3', 'GN-1-2-据2', 'GN-1-2-样1'])
  })
})

describe('the transcript', () => {
  it('keeps fields written at once side by side, and never contradicts itself', async () => {
    const store = await phone()
    const { screen, leave } = onScreen(store, () => useTranscript(VISIT))
    await vi.waitFor(() => expect(screen.part.value).not.toBeNull())
    await Promise.all([screen.set({ facts: '大堂' }), screen.set({ statement: '马上整改' })])
    await screen.set({ recusal: 'asked', recusal_reason: '亲戚' })
    expect(screen.said.value).toMatchObject({ facts: '大堂', statement: '马上整改', recusal: 'asked', recusal_reason: '亲戚', coercive: null })
    expect(screen.conflict.value).toBeNull()
    leave()
  })
})

describe('a letter as a picture', () => {
  it('wraps to the width and leaves no word out', () => {
    const letter: Letter = { title: '抽样单', authority: '示例局', number: '1', blocks: [{ kind: 'to', text: '甲'.repeat(70) }, { kind: 'rows', rows: [['数量', '2 瓶']] }, { kind: 'table', head: ['名称', '数量'], rows: [['登记簿', '1 本']] }, { kind: 'talk', ask: '清楚？', answer: '清楚。' }, { kind: 'sign', label: '签名' }] }
    const lines = linesOf(letter, (text, size) => [...text].length * size)
    expect(lines.every(({ text, size }) => [...text].length * size <= 936)).toBe(true)
    const words = lines.map(({ text }) => text).join('')
    for (const word of ['抽样单', '甲'.repeat(70), '数量：2 瓶', '名称：登记簿；数量：1 本', '问：清楚？', '答：清楚。', '签名：']) expect(words).toContain(word)
  })
})
