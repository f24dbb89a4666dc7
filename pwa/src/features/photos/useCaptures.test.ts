import 'fake-indexeddb/auto'
import { describe, expect, it, vi } from 'vitest'
import { bytesOf, hashBytes } from '../../local/blobs'
import { visitLog } from '../../local/log'
import { keepVisit, onScreen } from '../../local/testScreen'
import { makeStore, VISIT } from '../../local/testStore'
import { parseOperation } from '../../rules/operations'
import { useCaptures } from './useCaptures'

const jpeg = (last: number): Uint8Array<ArrayBuffer> => new Uint8Array([0xff, 0xd8, 0xff, 0xc0, 0, 17, 8, 0x0b, 0xb8, 0x0f, 0xa0, 3, last])

async function camera() {
  const store = await makeStore()
  await keepVisit(store)
  const { screen, leave } = onScreen(store, () => useCaptures(VISIT, { item: 'item-1', entry: '2' }))
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

  it('tells of a photo that cannot be read, and keeps the next one', async () => {
    const { screen, leave } = await camera()
    expect(await screen.keep(new Blob(['no photo']))).toBe(false)
    expect(screen.problem.value?.code).toBe('phone.not_a_photo')
    expect(await screen.keep(new Blob([jpeg(3)]))).toBe(true)
    expect([screen.problem.value, screen.photos.value.length]).toEqual([null, 1])
    leave()
  })
})
