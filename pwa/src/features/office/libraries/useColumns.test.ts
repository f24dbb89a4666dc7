import { beforeEach, expect, test } from 'vitest'
import { nextTick } from 'vue'
import { useColumns } from './useColumns'

const COLUMNS = [{ name: 'code', label: '代码' }, { name: 'tags', label: '标签', on: false }]
const kept = new Map<string, string>()

beforeEach(() => {
  kept.clear()
  Object.defineProperty(globalThis, 'localStorage', { configurable: true, value: { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => kept.set(key, value) } })
})

test('columns come as they are meant, and stay as the clerk left them', async () => {
  const first = useColumns('subjects', COLUMNS)
  expect(first.value).toEqual(['code'])
  first.value = ['code', 'tags']
  await nextTick()
  expect(useColumns('subjects', COLUMNS).value).toEqual(['code', 'tags'])
})

test('what a browser kept wrongly, or of a column that is gone, is left away', () => {
  kept.set('onevisit.columns.subjects', '{"x":1}')
  expect(useColumns('subjects', COLUMNS).value).toEqual(['code'])
  kept.set('onevisit.columns.subjects', '["gone","tags"]')
  expect(useColumns('subjects', COLUMNS).value).toEqual(['tags'])
  kept.set('onevisit.columns.subjects', 'no json')
  expect(useColumns('subjects', COLUMNS).value).toEqual(['code'])
})
