/** Are the parts of one visit put together, and never those of strangers? */
import { describe, expect, it } from 'vitest'
import { outcomesWords, togetherWords, visitsOf, type Result } from './visitsOf'

let count = 0
function part(department: string, labels: string[], over: Partial<Result> = {}): Result {
  count += 1
  return {
    id: `p${count}`, region: '632525', erratum: null, published: '2026-11-09', day: '2026-11-04', methods: ['现场检查'],
    subject: { name: '示例旅馆', credit_code: '92632525DEMO00001X' }, plan: { name: '示例计划', document_no: null },
    task: { no: '632525-2026-26-1', name: '示例任务', targeting: null }, department: { id: department, name: department },
    items: labels.map((label) => ({ name: `${department}的事项`, outcomes: label ? [{ code: 'x', label }] : [], measures: [] })), ...over,
  }
}

describe('published parts', () => {
  it('of one subject, task and day are one visit', () => {
    const [visit, ...others] = visitsOf([part('甲局', ['未发现问题', '未发现问题']), part('乙局', ['发现问题已责令改正'])])
    expect(others).toEqual([])
    expect(togetherWords(visit!)).toBe('两个部门在2026年11月4日一次上门检查')
    expect(outcomesWords(visit!)).toBe('3 个事项：2 个未发现问题，1 个发现问题已责令改正')
  })
  it.each<[string, Partial<Result>]>([['day', { day: '2026-11-05' }], ['task', { task: { no: 'other', name: '', targeting: null } }], ['subject', { subject: { name: '示例旅馆', credit_code: 'X' } }], ['region', { region: '632524' }]])('of another %s are another visit', (_, over) => {
    expect(visitsOf([part('甲局', ['未发现问题']), part('乙局', ['未发现问题'], over)])).toHaveLength(2)
  })
  it('that name nobody are never put together', () => {
    const nameless = { subject: { name: null, credit_code: null } }
    expect(visitsOf([part('甲局', [''], nameless), part('乙局', [''], nameless)])).toHaveLength(2)
  })
  it('are said shortly where all is alike', () => {
    const [one] = visitsOf([part('甲局', ['未发现问题'])])
    expect([togetherWords(one!), outcomesWords(one!)]).toEqual(['甲局在2026年11月4日上门检查', '1 个事项：未发现问题'])
    expect(outcomesWords(visitsOf([part('甲局', ['合格', '合格'])])[0]!)).toBe('2 个事项：均合格')
    expect(outcomesWords(visitsOf([part('甲局', [''])])[0]!)).toBe('1 个事项：没有记录结果')
  })
})
