import { beforeEach, describe, expect, it, vi } from 'vitest'
import { buzz } from './buzz'
import { isApple } from './install'
import { keepLook, lookHere } from './look'

const kept = new Map<string, string>()
const root = { dataset: {} as Record<string, string>, style: { fontSize: '' } }

beforeEach(() => {
  kept.clear()
  vi.stubGlobal('localStorage', { getItem: (name: string) => kept.get(name) ?? null, setItem: (name: string, value: string) => kept.set(name, value) })
  vi.stubGlobal('document', { documentElement: root })
})

describe('the look of this phone', () => {
  it.each([null, '', '{', '[]', '{"theme":"pink","size":900,"contrast":"yes"}'])('is the usual one when %s was kept', (text) => {
    if (text !== null) kept.set('onevisit-look', text)
    expect(lookHere()).toEqual({ theme: 'system', contrast: false, size: 100, buzz: true })
  })

  it('is kept and shown', () => {
    keepLook({ theme: 'dark', contrast: true, size: 200, buzz: false })
    expect(lookHere()).toEqual({ theme: 'dark', contrast: true, size: 200, buzz: false })
    expect([root.dataset, root.style.fontSize]).toEqual([{ theme: 'dark', contrast: 'more' }, '200%'])
    keepLook({ theme: 'system', contrast: false, size: 100, buzz: true })
    expect([root.dataset, root.style.fontSize]).toEqual([{}, ''])
  })

  it('does not shake who asked for quiet, nor a phone that cannot', () => {
    const vibrate = vi.fn()
    vi.stubGlobal('navigator', { vibrate })
    buzz('saved')
    keepLook({ ...lookHere(), buzz: false })
    buzz('failed')
    expect(vibrate.mock.calls).toEqual([[[12]]])
    vi.stubGlobal('navigator', {})
    keepLook({ ...lookHere(), buzz: true })
    buzz('saved')
  })
})

it.each([
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X)', 5, true],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)', 5, true],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)', 0, false],
  ['Mozilla/5.0 (Linux; Android 13)', 5, false],
])('knows an iPhone: %s', (agent, touch, apple) => expect(isApple(agent, touch)).toBe(apple))
