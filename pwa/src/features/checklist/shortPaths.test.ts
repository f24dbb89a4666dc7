import { describe, expect, it } from 'vitest'
import type { RecordOf } from '../../rules/state'
import { isShown, SHORT_PATHS } from './shortPaths'

const record = (over: object): RecordOf => ({ photos: [], papers: [], audio: [], ...over }) as unknown as RecordOf
const whole = [{ item: null }]

describe('a result without the checklist', () => {
  it.each([
    ['not_found', { photos: whole }, true], ['not_found', { papers: whole }, false], ['not_found', { audio: whole }, false],
    ['uncooperative', { audio: whole }, true], ['uncooperative', { recordings: whole }, true], ['uncooperative', { papers: whole }, false],
    ['idle', { papers: whole }, true], ['gone', { papers: whole }, true], ['gone', { audio: whole }, false],
    ['gone', { photos: [{ item: 'one' }] }, false], ['gone', {}, false],
  ])('%s with %o: %s', (key, over, shown) => expect(isShown(SHORT_PATHS.find((path) => path.key === key)!, record(over))).toBe(shown))

  it('is not shown by a record that is not there', () => expect(SHORT_PATHS.some((path) => isShown(path, undefined))).toBe(false))
})
