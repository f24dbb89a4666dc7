import 'fake-indexeddb/auto'
import { describe, expect, it, vi } from 'vitest'
import { onScreen } from '../../local/testScreen'
import { makeStore } from '../../local/testStore'
import { parseOperation } from '../../rules/operations'
import { footLines } from './footLines'
import { pointIn, useMarks } from './useMarks'

const BOX = { left: 10, top: 20, width: 200, height: 100 }

describe('marking a photo', () => {
  it('keeps places as parts of the picture, whatever its size on the screen', () => {
    expect(pointIn(BOX, { clientX: 110, clientY: 45 })).toEqual({ x: 5000, y: 2500 })
    expect(pointIn(BOX, { clientX: 0, clientY: 900 })).toEqual({ x: 0, y: 10_000 })
  })

  it('draws boxes, arrows and words, leaves out taps, and can take the last back', async () => {
    const { screen, leave } = onScreen(await makeStore(), () => useMarks('p'))
    screen.begin({ x: 100, y: 100 })
    screen.end()
    expect(screen.drawn.value).toEqual([])
    screen.begin({ x: 100, y: 100 })
    screen.move({ x: 4000, y: 3000 })
    expect(screen.shown.value).toHaveLength(1)
    screen.end()
    screen.tool.value = 'text'
    screen.begin({ x: 1, y: 2 })
    screen.words.value = ' 已过期 '
    screen.begin({ x: 1, y: 2 })
    screen.tool.value = 'arrow'
    screen.putInMiddle()
    expect(screen.drawn.value.map(({ kind, text }) => [kind, text])).toEqual([['box', null], ['text', '已过期'], ['arrow', null]])
    screen.undo()
    const operation = { id: '01890000-0000-7000-8000-000000000009', device: 'd', visit: '01890000-0000-7000-8000-000000000001', seq: 1, prev: null, part: 'p', kind: 'marking.add', body: { photo: 'a'.repeat(64), shapes: [...screen.drawn.value] }, base: {}, by: 'i', at: { wall: '2026-11-10T10:00:00+08:00', offset_ms: null } }
    expect(parseOperation(operation).kind).toBe('marking.add')
    leave()
  })

  it('is still there after the page was killed', async () => {
    const store = await makeStore()
    const { screen, leave } = onScreen(store, () => useMarks('p'))
    screen.putInMiddle()
    await vi.waitFor(async () => expect(await store.db.settings.count()).toBe(1))
    leave()
    const { screen: again } = onScreen(store, () => useMarks('p'))
    await vi.waitFor(() => expect(again.drawn.value).toHaveLength(1))
  })

  it('stops before the record would refuse', async () => {
    const { screen, leave } = onScreen(await makeStore(), () => useMarks('p'))
    for (let n = 0; n < 45; n += 1) screen.putInMiddle()
    expect([screen.drawn.value.length, screen.full.value]).toEqual([40, true])
    leave()
  })

  it('says at the foot of a copy when, where, who and what', () => {
    const photo = { taken_at: '2026-11-10T10:21:07+08:00', position: { lat_e7: 355_800_000, lon_e7: -1_007_500_000 }, accuracy_m: 6, caption: '门头', hash: 'ab'.repeat(32) }
    expect(footLines(photo, '示例李', '示例酒店', '特种行业许可')).toEqual(['2026-11-10 10:21:07　示例李', '北纬 35.58000°，西经 100.75000°（±6 米）', '示例酒店　特种行业许可', '门头', '原图 abababababababab'])
    expect(footLines({ ...photo, position: null, caption: null }, '示例李', '示例酒店', null)).toContain('没有位置')
  })
})
