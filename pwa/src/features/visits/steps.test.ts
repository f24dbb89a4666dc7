import { describe, expect, it } from 'vitest'
import type { PartProgress } from '../../rules/gaps'
import type { PartOf, VisitPackage } from '../../rules/package'
import type { StateOf } from '../../rules/state'
import { nextStep, stepsDone, type Standing } from './steps'

const part = { department: { id: 'p', name: '示例局' }, team: [{ id: 'me' }], items: [{ id: 'one' }, { id: 'two' }] } as unknown as PartOf
const visit = { id: 'v', parts: [part] } as unknown as VisitPackage
const progress = (answered: number): PartProgress[] => [{ part: 'p', state: 'open', entries: 4, answered, failed: 0, photos: 0, measures: 0, items: [{ item: 'one', entries: 2, answered: Math.min(2, answered), failed: 0, outcomes: [] }, { item: 'two', entries: 2, answered: Math.max(0, answered - 2), failed: 0, outcomes: [] }] }]
const state = (registers: string[], mine: object | null = null, confirmations: object[] = []): StateOf =>
  ({ registers: Object.fromEntries(registers.map((name) => [name, { values: [] }])), parts: mine ? { p: { state: 'open', record: { answers: {} }, review: { returned: [] }, lock: null, to_sign_again: false, ...mine } } : {}, confirmations }) as unknown as StateOf
const standing = (over: Partial<Standing> = {}): Standing => ({ visit, part, inspector: 'me', leading: true, shown: false, progress: progress(0), state: state([]), ...over })
const ARRIVED = ['arrive/p/me']
const signs = [{ id: 'c', signs: [{ inspector: 'me' }] }]

describe('the next step', () => {
  it.each<[string, Partial<Standing>, number, string | null, string | null]>([
    ['arrives first', {}, 0, '已到达，亮码', null],
    ['then shows the code', { state: state(ARRIVED) }, 1, '亮码', '/visits/v/code'],
    ['then begins with the first item', { state: state(ARRIVED), shown: true }, 2, '开始检查', '/visits/v/checklist/one'],
    ['goes on where it stopped', { state: state(ARRIVED), shown: true, progress: progress(3) }, 2, '接着检查，还有 1 条', '/visits/v/checklist/two'],
    ['looks at results', { state: state(ARRIVED), shown: true, progress: progress(4) }, 2, '看结果', '/visits/v/results'],
    ['brings the parts together', { state: state(ARRIVED, { state: 'ready' }) }, 4, '请当事人核对', '/visits/v/gather'],
    ['lets a member only look', { state: state(ARRIVED, { state: 'ready' }), leading: false }, 4, '看汇总', '/visits/v/gather'],
    ['asks for my signature', { state: state(ARRIVED, { state: 'locked', lock: { confirmation: 'c' } }, [{ id: 'c', signs: [] }]) }, 5, '请您签字', '/visits/v/sealed'],
    ['leaves', { state: state(ARRIVED, { state: 'locked', lock: { confirmation: 'c' } }, signs) }, 5, '离开，结束上门', null],
    ['hands in', { state: state([...ARRIVED, 'leave/p/me'], { state: 'locked', lock: { confirmation: 'c' } }, signs) }, 5, '提交审核', '/visits/v/results'],
    ['rests once handed in', { state: state([...ARRIVED, 'leave/p/me'], { state: 'submitted', lock: { confirmation: 'c' } }, signs) }, 5, null, null],
    ['goes to what came back', { state: state(ARRIVED, { state: 'returned', review: { returned: [{ item: 'two', answered: false }] } }) }, 5, '改退回的地方', '/visits/v/checklist/two'],
    ['begins at once where nobody goes', { state: state([], { record: { answers: {}, method: { method: 'online', reason: null } } }) }, 2, '开始检查', '/visits/v/checklist/one'],
    ['hands in without leaving where nobody went', { state: state([], { state: 'locked', lock: { confirmation: 'c' }, record: { answers: {}, method: { method: 'document', reason: null } } }, signs) }, 5, '提交审核', '/visits/v/results'],
    ['is none for who only reads', { part: null }, 0, null, null],
  ])('%s', (_name, over, done, words, to) => {
    expect(stepsDone(standing(over))).toBe(done)
    expect(nextStep(standing(over))?.words ?? null).toBe(words)
    expect(nextStep(standing(over))?.to ?? null).toBe(to)
  })

  it('needs no second look at the code once something was answered', () => {
    expect(stepsDone(standing({ state: state(ARRIVED, { record: { answers: { one: {} } } }) }))).toBe(2)
  })
})
