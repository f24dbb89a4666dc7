/** Does one thing at a time on the server, and keeps what it was refused with. */
import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { asProblem, type Problem } from '../../api/problem'

export interface Act {
  busy: Ref<boolean>
  problem: ShallowRef<Problem | null>
  /** True when it was done. */
  run(act: () => Promise<unknown>): Promise<boolean>
}

export function useAct(): Act {
  const busy = ref(false)
  const problem = shallowRef<Problem | null>(null)

  async function run(act: () => Promise<unknown>): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    problem.value = null
    try {
      await act()
      return true
    } catch (error) {
      problem.value = asProblem(error)
      return false
    } finally {
      busy.value = false
    }
  }
  return { busy, problem, run }
}
