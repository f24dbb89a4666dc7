import { describe, expect, it, vi } from 'vitest'
import { shallowRef } from 'vue'
import type { Gap, PartProgress } from '../../rules/gaps'
import type { ChecklistEntry, ItemOf, PartOf } from '../../rules/package'
import { entryViews } from './entryViews'
import { onwardFrom, unjudged } from './onward'
import { useUndo } from './useUndo'

const entry = (id: string, over: Partial<ChecklistEntry> = {}): ChecklistEntry => ({ id, no: id, text: `第${id}问`, answer: 'pass_fail', unit: null, choices: [], required: true, content: null, method: null, basis: null, evidence: 'none', phrases: [], condition: null, ...over })
const item = (id: string, entries: ChecklistEntry[]): ItemOf => ({ id, code: null, name: `事项${id}`, legal_basis: null, checklist: { id, version: 1, hash: '', entries } })
const [one, two] = [item('one', [entry('1'), entry('2'), entry('3', { answer: 'number' }), entry('4', { condition: { entry: '2', is: 'fail' } })]), item('two', [entry('1')])]
const part = { department: { id: 'p', name: '示例局' }, items: [one, two] } as unknown as PartOf
const progress = { items: [{ item: 'one', entries: 3, answered: 0, outcomes: [] }, { item: 'two', entries: 1, answered: 0, outcomes: [] }] } as unknown as PartProgress
const gap = (id: string): Gap => ({ code: 'entry.unanswered', part: 'p', item: 'one', entry: id, detail: '这一条还没有作答。' })
const pass = { value: 'pass' }

describe('going on in a checklist', () => {
  it('offers the rest, without what is not asked, no judgement, or in conflict', () => {
    expect(unjudged(one, {}, []).map(({ id }) => id)).toEqual(['1', '2'])
    expect(unjudged(one, { 2: { value: 'fail' } }, []).map(({ id }) => id)).toEqual(['1', '4'])
    expect(unjudged(one, {}, ['answer/one/1']).map(({ id }) => id)).toEqual(['2'])
  })

  it('then names what is missing, then the next item, then the results', () => {
    const answers = { 1: pass, 2: pass }
    expect(onwardFrom(part, one, {}, [], [], progress)).toMatchObject({ to: 'rest', whole: false })
    expect(onwardFrom(part, one, answers, [], [gap('3')], progress)).toEqual({ to: 'missing', entry: '3', count: 1, text: '第 3 条' })
    expect(onwardFrom(part, one, answers, [], [], progress)).toEqual({ to: 'item', item: 'two', name: '事项two' })
    expect(onwardFrom(part, two, { 1: pass }, [], [], { items: [{ item: 'one', entries: 3, answered: 3, outcomes: [] }] } as unknown as PartProgress)).toEqual({ to: 'results' })
  })
})

describe('undo', () => {
  it('takes back once', async () => {
    const [back, undoing] = [vi.fn(async () => null), useUndo()]
    undoing.offer('记下 4 条合格', back)
    await Promise.all([undoing.undo(), undoing.undo()])
    expect([back.mock.calls.length, undoing.last.value]).toEqual([1, null])
  })
})

describe('the views of entries', () => {
  const visit = { files: shallowRef(new Map()), whereabouts: () => 'here' as const }
  const state = (answers: object) => ({ record: { answers: { one: answers }, photos: [], measures: [] }, registers: Object.fromEntries(Object.keys(answers).map((id) => [`answer/one/${id}`, { values: [{ heads: [{ id: 'o' }] }], conflict: false }])), amendments: [] }) as never

  it('stay the same objects while nothing changed in them', () => {
    const viewsOf = entryViews(visit)
    const before = viewsOf(one, state({ 1: { ...pass, note: null, phrases: [] } }), [])
    const after = viewsOf(one, state({ 1: { ...pass, note: null, phrases: [] }, 2: { value: 'fail', note: null, phrases: [] } }), [])
    expect([after[0] === before[0], after[1] === before[1], after.map((view) => view.entry.id)]).toEqual([true, false, ['1', '2', '3', '4']])
  })
})
