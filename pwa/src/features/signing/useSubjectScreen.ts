/** May this screen be left? While the subject holds the phone only the PIN leads back to the rest of it. */
import { computed, ref, shallowRef, type Ref } from 'vue'
import { onBeforeRouteLeave, useRouter, type RouteLocationNormalized } from 'vue-router'
import { unlock } from '../../local/keys'
import { PhoneProblem } from '../../local/problem'
import { useStore } from '../../local/usePhone'

export interface SubjectScreen {
  asking: Readonly<Ref<boolean>>
  told: Readonly<Ref<string>>
  busy: Readonly<Ref<boolean>>
  round: Readonly<Ref<number>>
  /** Asks for the PIN, then goes there. */
  leave(to: string): Promise<void>
  tryPin(pin: string): Promise<void>
  stay(): void
}

/** `held`: the subject has the phone; `within`: screens that belong to his. `release` is called once the PIN was right. */
export function useSubjectScreen(held: Readonly<Ref<boolean>>, within: (to: RouteLocationNormalized) => boolean, release: () => Promise<void>): SubjectScreen {
  const store = useStore()
  const router = useRouter()
  const wanted = shallowRef<string | null>(null)
  const told = ref('')
  const busy = ref(false)
  const round = ref(0)
  let known = false

  onBeforeRouteLeave((to) => {
    // A phone that locked itself asks for the PIN anyway.
    if (!held.value || known || within(to) || to.path === '/unlock') return true
    wanted.value = to.fullPath
    return false
  })

  async function leave(to: string): Promise<void> {
    await router.push(to)
  }

  async function tryPin(pin: string): Promise<void> {
    if (busy.value || wanted.value === null) return
    busy.value = true
    told.value = ''
    try {
      // Only proves the PIN; the open account stays as it is.
      await unlock(store.db, pin)
      known = true
      await release()
      await router.push(wanted.value)
    } catch (error) {
      told.value = error instanceof PhoneProblem ? waiting(error) : '没有打开，请再试一次。'
      round.value += 1
    } finally {
      busy.value = false
    }
  }

  return { asking: computed(() => wanted.value !== null), told, busy, round, leave, tryPin, stay: () => (wanted.value = null) }
}

function waiting(problem: PhoneProblem): string {
  const { until = 0 } = problem.extra as { until?: number }
  const seconds = Math.ceil((until - Date.now()) / 1000)
  return seconds > 0 ? `试错太多次，请等 ${seconds} 秒。` : problem.detail
}
