import { nextTick, ref } from 'vue'
import { describe, expect, it, vi } from 'vitest'
import { useHistory } from './useHistory'

describe('history of an editor', () => {
  it('takes back and gives again, step by step, and forgets the way not taken', async () => {
    vi.useFakeTimers()
    const state = ref(['甲'])
    const history = useHistory(state, () => undefined)
    state.value.push('乙')
    await nextTick()
    vi.runAllTimers()
    state.value = ['乙', '甲']
    await nextTick()
    vi.runAllTimers()
    history.undo()
    expect([state.value, history.canUndo.value, history.canRedo.value]).toEqual([['甲', '乙'], true, true])
    history.undo()
    history.undo()
    expect([state.value, history.canUndo.value]).toEqual([['甲'], false])
    history.redo()
    expect(state.value).toEqual(['甲', '乙'])
    state.value.push('丙')
    await nextTick()
    history.undo()
    expect([state.value, history.canRedo.value]).toEqual([['甲', '乙'], true])
    vi.useRealTimers()
  })
})
