/** How many tickets lie on the table? They fall one by one, 120 ms each, class D first; space starts and stops them.
 *  Whoever asked for less motion sees them lie at once, and may still step through them with space. */
import { computed, onBeforeUnmount, ref, type ComputedRef, type Ref } from 'vue'
import { useKeys } from '../useRowKeys'
import type { Room } from './useRoom'

const EACH = 120

export interface Falling { fallen: Ref<number>; total: ComputedRef<number>; running: Ref<boolean>; toggle(): void; again(): void; begin(): void; all(): void }

export function useFalling(room: ComputedRef<Room | null>): Falling {
  const total = computed(() => (room.value?.classes ?? []).reduce((sum, one) => sum + one.tickets.length, 0))
  const fallen = ref(Infinity)
  const running = ref(false)
  let clock: ReturnType<typeof setInterval> | undefined

  function stop(): void {
    clearInterval(clock)
    running.value = false
  }
  function start(): void {
    running.value = true
    clock = setInterval(() => {
      fallen.value += 1
      if (fallen.value >= total.value) stop()
    }, EACH)
  }
  function toggle(): void {
    if (running.value) stop()
    else if (fallen.value >= total.value) again()
    else start()
  }
  function again(): void {
    stop()
    fallen.value = 0
    start()
  }
  /** When the last value has just been revealed: calmly, or at once. */
  function begin(): void {
    if (window.matchMedia('(prefers-reduced-motion: reduce)').matches) all()
    else again()
  }
  function all(): void {
    stop()
    fallen.value = Infinity
  }
  useKeys({ ' ': toggle, p: () => window.print() })
  onBeforeUnmount(stop)
  return { fallen, total, running, toggle, again, begin, all }
}
