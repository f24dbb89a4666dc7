import { describe, expect, it } from 'vitest'
import { firstSources, nameOf, sourcesGiven, whyNotSources, type SourceTyped } from './sources'

const DEPARTMENTS = [{ id: 'ga', short_name: '公安局' }, { id: 'wj', short_name: '卫健局' }]
const own = (department: string, name = ''): SourceTyped => ({ kind: 'commit_reveal', department, name })
const lottery = (name: string): SourceTyped => ({ kind: 'lottery', department: '', name })

describe('the parties of chance', () => {
  it.each([
    [[own('ga'), own('')], '选一个部门'],
    [[own('ga'), own('ga', '另一个')], '不同的部门'],
    [[own('ga'), lottery(' ')], '不能空白'],
    [[own('ga'), lottery('公安局')], '重复'],
  ])('are refused: %j', (sources, why) => expect(whyNotSources(sources, DEPARTMENTS)).toContain(why))

  it('are called by the department unless named', () => {
    expect(nameOf(own('ga'), DEPARTMENTS)).toBe('公安局')
    expect(sourcesGiven([own('ga', ' 局长 '), lottery('第1期')], DEPARTMENTS)).toEqual([
      { name: '局长', kind: 'commit_reveal', department_id: 'ga' }, { name: '第1期', kind: 'lottery', department_id: null },
    ])
  })

  it('are two to begin with, also where one department draws', () => expect(firstSources([{ id: 'ga' }])).toHaveLength(2))
})
