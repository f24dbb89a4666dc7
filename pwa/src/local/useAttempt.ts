/** Tries to write something, and keeps what went wrong for the screen: no tick without a write, no silence without a reason. */
import { shallowRef, type Ref, type ShallowRef } from 'vue'
import { notSaved, PhoneProblem } from './problem'

export interface Attempt {
  problem: Readonly<ShallowRef<PhoneProblem | null>>
  busy: Readonly<Ref<boolean>>
  /** What `act` gave; null when nothing was written. */
  attempt<T>(act: () => Promise<T>): Promise<T | null>
}

export function useAttempt(): Attempt {
  const problem = shallowRef<PhoneProblem | null>(null)
  const busy = shallowRef(false)
  let running = 0

  async function attempt<T>(act: () => Promise<T>): Promise<T | null> {
    running += 1
    busy.value = true
    try {
      const done = await act()
      problem.value = null
      return done
    } catch (error) {
      problem.value = error instanceof PhoneProblem ? error : notSaved(error)
      return null
    } finally {
      running -= 1
      busy.value = running > 0
    }
  }
  return { problem, busy, attempt }
}
