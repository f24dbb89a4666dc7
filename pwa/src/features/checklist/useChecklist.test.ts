import 'fake-indexeddb/auto'
import { describe, expect, it, vi } from 'vitest'
import { ref } from 'vue'
import { keepVisit, onScreen } from '../../local/testScreen'
import { makeStore, VISIT } from '../../local/testStore'
import { useChecklist } from './useChecklist'
import { useResults } from './useResults'

async function opened<T extends { part: { value: unknown } }>(use: () => T) {
  const store = await makeStore()
  await keepVisit(store)
  const { screen, leave } = onScreen(store, use)
  await vi.waitFor(() => expect(screen.part.value).not.toBeNull())
  return { store, screen, leave }
}
const values = (screen: ReturnType<typeof useChecklist>) => screen.views.value.map(({ answer }) => answer?.value ?? null)

describe('a checklist', () => {
  it('passes the rest in one tap and takes exactly that back', async () => {
    const { screen, leave } = await opened(() => useChecklist(VISIT, ref('item-1')))
    await screen.set(screen.views.value[1]!.entry, { value: 'fail' })
    expect(await screen.passRest()).toBe(true)
    expect([values(screen), screen.undoing.last.value?.text]).toEqual([['pass', 'fail', 'pass'], '记下 2 条合格'])
    await screen.undoing.undo()
    expect(values(screen)).toEqual([null, 'fail', null])
    expect(screen.partState.value!.conflicts).toEqual([])
    leave()
  })

  it('brings the phrases back when a failure was tapped away by a slip', async () => {
    const { screen, leave } = await opened(() => useChecklist(VISIT, ref('item-1')))
    const { entry } = screen.views.value[0]!
    await screen.set(entry, { value: 'fail' })
    await screen.set(entry, { phrases: ['有盲区'] })
    await screen.set(entry, { value: 'pass' })
    expect(screen.views.value[0]!.answer).toMatchObject({ value: 'pass', phrases: [] })
    await screen.set(entry, { value: 'fail' })
    expect(screen.views.value[0]!.answer).toMatchObject({ value: 'fail', phrases: ['有盲区'] })
    leave()
  })

  it('keeps a quick second change beside the first: one hand never contradicts itself', async () => {
    const { screen, leave } = await opened(() => useChecklist(VISIT, ref('item-1')))
    const { entry } = screen.views.value[0]!
    await Promise.all([screen.set(entry, { value: 'fail' }), screen.set(entry, { phrases: ['有盲区'] }), screen.set(entry, { note: '东侧' })])
    expect(screen.partState.value!.conflicts).toEqual([])
    expect(screen.views.value[0]!.answer).toMatchObject({ value: 'fail', phrases: ['有盲区'], note: '东侧' })
    leave()
  })

  it('writes proposed results and readiness together', async () => {
    const { store, screen, leave } = await opened(() => useChecklist(VISIT, ref('item-1')))
    await screen.passRest()
    const { screen: results, leave: leaveResults } = onScreen(store, () => useResults(VISIT, () => null))
    await vi.waitFor(() => expect(results.outcomes.value[0]?.agreed).toEqual(['no_problem']))
    await results.ready()
    expect(results.there.value).toMatchObject({ state: 'ready', record: { findings: { 'item-1': { outcomes: ['no_problem'], reason: null } } } })
    await results.reopen('漏了一条')
    expect(results.there.value!.state).toBe('open')
    leave()
    leaveResults()
  })
})
