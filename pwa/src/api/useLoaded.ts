/** What is there to show, and how is the waiting said? Nothing for 300 ms, then rows, after 5 s a sentence. */
import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { asProblem, type Problem } from './problem'

export interface Loaded<T> {
  value: ShallowRef<T | null>
  problem: ShallowRef<Problem | null>
  phase: Ref<'still' | 'busy' | 'slow'>
  load(): Promise<void>
  cancel(): void
}

const SHOWN_AFTER = 300
const TOLD_AFTER = 5000

/** Of two answers the one that was asked last counts, whatever comes first. */
export function useLoaded<T>(ask: () => Promise<T>, now = true): Loaded<T> {
  const value = shallowRef<T | null>(null)
  const problem = shallowRef<Problem | null>(null)
  const phase = ref<'still' | 'busy' | 'slow'>('still')
  let turn = 0
  let timers: ReturnType<typeof setTimeout>[] = []

  function still(): void {
    timers.forEach(clearTimeout)
    phase.value = 'still'
  }

  async function load(): Promise<void> {
    const mine = ++turn
    still()
    timers = [setTimeout(() => (phase.value = 'busy'), SHOWN_AFTER), setTimeout(() => (phase.value = 'slow'), TOLD_AFTER)]
    try {
      const found = await ask()
      if (mine !== turn) return
      value.value = found
      problem.value = null
    } catch (error) {
      if (mine === turn) problem.value = asProblem(error)
    } finally {
      if (mine === turn) still()
    }
  }

  function cancel(): void {
    turn += 1
    still()
  }

  onScopeDispose(cancel)
  if (now) void load()
  return { value, problem, phase, load, cancel }
}
