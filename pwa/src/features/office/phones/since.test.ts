import { expect, it } from 'vitest'
import { agoWords } from './since'

const NOW = Date.parse('2026-11-12T10:00:00Z')

it.each([[-1, '一小时内'], [0.9, '一小时内'], [1, '1 小时前'], [47.9, '47 小时前'], [48, '2 天前'], [200, '8 天前']])('%s hours are said as %s', (hours, words) => {
  expect(agoWords(new Date(NOW - hours * 3_600_000).toISOString(), NOW)).toBe(words)
})

it('says nothing of what never was', () => expect(agoWords(null, NOW)).toBe(''))
