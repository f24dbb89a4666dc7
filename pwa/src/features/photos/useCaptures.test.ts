import 'fake-indexeddb/auto'
import { describe, expect, it, vi } from 'vitest'
import { bytesOf, hashBytes } from '../../local/blobs'
import { goOut, whereOut } from '../../local/cameraOut'
import { pagesOf } from '../../local/gathering'
import { visitLog } from '../../local/log'
import { keepVisit, onScreen } from '../../local/testScreen'
import { makeStore, VISIT } from '../../local/testStore'
import { parseOperation } from '../../rules/operations'
import { useCaptures } from './useCaptures'

const jpeg = (last: number): Uint8Array<ArrayBuffer> => new Uint8Array([0xff, 0xd8, 0xff, 0xc0, 0, 17, 8, 0x0b, 0xb8, 0x0f, 0xa0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xda, 0, 2, last, 0xff, 0xd9])

async function camera(pages: string | null = null) {
  const store = await makeStore()
  await keepVisit(store)
  const { screen, leave } = onScreen(store, () => useCaptures(VISIT, { item: 'item-1', entry: '2' }, undefined, pages))
  await vi.waitFor(() => expect(screen.part.value).not.toBeNull())
  return { store, screen, leave }
}

describe('taking photos', () => {
  it('keeps bytes and fact together, byte for byte, in the order of the shutter', async () => {
    const { store, screen, leave } = await camera()
    screen.caption.value = '门头'
    const late = screen.keep(() => new Promise((resolve) => setTimeout(resolve, 30, new Blob([jpeg(1)]))))
    screen.caption.value = ''
    expect(await Promise.all([late, screen.keep(new Blob([jpeg(2)]))])).toEqual([true, true])
    const written = (await visitLog(store, VISIT).read()).map(({ operation }) => parseOperation(operation))
    expect(written.map(({ body }) => body['caption'])).toEqual(['门头', null])
    expect(written[0]!.body).toMatchObject({ item: 'item-1', entry: '2', width: 4000, height: 3000, reencoded_from: null, mime: 'image/jpeg' })
    const hash = await hashBytes(jpeg(1).buffer)
    expect(new Uint8Array((await bytesOf(store, hash))!)).toEqual(jpeg(1))
    expect([screen.photos.value.length, screen.pending.value]).toEqual([2, 0])
    leave()
  })

  it('is settled only when what was pressed is kept, also what is pressed meanwhile', async () => {
    const { screen, leave } = await camera()
    const slow = (last: number) => (): Promise<Blob> => new Promise((resolve) => setTimeout(resolve, 40, new Blob([jpeg(last)])))
    void screen.keep(slow(1))
    const left = screen.settled().then(() => [screen.pending.value, screen.photos.value.length])
    void screen.keep(slow(2))
    expect(screen.photos.value.length).toBe(0)
    expect(await left).toEqual([0, 2])
    leave()
  })

  it('tells of a photo that cannot be read, and keeps the next one', async () => {
    const { screen, leave } = await camera()
    expect(await screen.keep(new Blob(['no photo']))).toBe(false)
    expect(screen.problem.value?.code).toBe('phone.not_a_photo')
    expect(await screen.keep(new Blob([jpeg(3)]))).toBe(true)
    expect([screen.problem.value, screen.photos.value.length]).toEqual([null, 1])
    leave()
  })

  it('refuses before the phone is full, keeps the shot in hand, and keeps it once there is room', async () => {
    const { store, screen, leave } = await camera()
    const room = { usage: 950, quota: 1000 }
    vi.stubGlobal('navigator', { storage: { estimate: async () => room } })
    screen.caption.value = '最后一张'
    expect(await screen.keep(new Blob([jpeg(7)]))).toBe(false)
    expect(screen.problem.value?.code).toBe('phone.no_room')
    expect(screen.problem.value?.detail).toContain('腾出空间')
    expect([screen.photos.value.length, screen.unkept.value.length, screen.caption.value]).toEqual([0, 1, '最后一张'])
    expect(await visitLog(store, VISIT).read()).toEqual([])
    room.quota = 10 ** 12
    await screen.keepAgain()
    expect([screen.problem.value, screen.unkept.value.length, screen.photos.value.map(({ caption }) => caption)]).toEqual([null, 0, ['最后一张']])
    vi.unstubAllGlobals()
    leave()
  })

  it('shows no tick when the disk fails in the middle of the write', async () => {
    const { store, screen, leave } = await camera()
    const full = vi.spyOn(store.db.bytes, 'bulkAdd').mockRejectedValueOnce(new DOMException('full', 'QuotaExceededError'))
    expect(await screen.keep(new Blob([jpeg(8)]))).toBe(false)
    expect(screen.problem.value?.code).toBe('phone.not_saved')
    expect([screen.photos.value.length, (await visitLog(store, VISIT).read()).length, await store.db.blobs.count()]).toEqual([0, 0, 0])
    full.mockRestore()
    await screen.keepAgain()
    expect(screen.photos.value.length).toBe(1)
    leave()
  })

  it('notes the pages of a paper, and that the phone’s own camera never came back', async () => {
    const { store, screen, leave } = await camera('paper-1')
    expect(await screen.keep(new Blob([jpeg(4)]))).toBe(true)
    expect(await pagesOf(store, 'paper-1')).toEqual(screen.photos.value.map(({ id }) => id))
    leave()
    await goOut(store, `/visits/${VISIT}/photo?item=item-1&entry=2`, '许可证')
    const { screen: again, leave: go } = onScreen(store, () => useCaptures(VISIT, { item: 'item-1', entry: '2' }))
    await vi.waitFor(() => expect([again.lost.value, again.caption.value]).toEqual([true, '许可证']))
    expect(await whereOut(store)).toBeNull()
    go()
  })

  it('keeps sixty photos, each with its own fact and bytes', async () => {
    const { store, screen, leave } = await camera()
    const kept = await Promise.all(Array.from({ length: 60 }, (_, n) => screen.keep(new Blob([jpeg(n)]))))
    expect(kept.every(Boolean)).toBe(true)
    expect([screen.photos.value.length, await store.db.bytes.count()]).toEqual([60, 60])
    leave()
  })
})
