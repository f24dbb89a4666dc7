/** Opens this phone with the PIN: whose it is, what was wrong, how long to wait. */
import { onBeforeUnmount, ref, shallowRef } from 'vue'
import { PhoneProblem } from '../../local/problem'
import { usePhone } from '../../local/usePhone'
import type { RosterRow } from '../../local/tables'

const FREE_TRIES_TOLD_FROM = 3

export function useUnlock(opened: () => void) {
  const phone = usePhone()
  const people = shallowRef<RosterRow[]>([])
  const person = shallowRef<RosterRow | null>(null)
  const told = ref('')
  const busy = ref(false)
  const round = ref(0)
  const waitSeconds = ref(0)
  let clock: ReturnType<typeof setInterval> | undefined

  async function load(): Promise<void> {
    people.value = await phone.roster()
    person.value = people.value[0] ?? null
  }

  async function tryPin(pin: string): Promise<void> {
    if (busy.value) return
    if (!person.value) await load()
    if (!person.value) return
    busy.value = true
    told.value = ''
    try {
      await phone.unlock(person.value.id, pin)
      opened()
    } catch (error) {
      explain(error)
      round.value += 1
    } finally {
      busy.value = false
    }
  }

  function explain(error: unknown): void {
    if (!(error instanceof PhoneProblem)) {
      told.value = '没有打开。记录都在本机，没有丢。请再试一次。'
      return
    }
    const { wrong = 0, until = 0 } = error.extra as { wrong?: number; until?: number }
    told.value = error.code === 'phone.wrong_pin' && wrong >= FREE_TRIES_TOLD_FROM ? `口令不对，已错 ${wrong} 次。` : error.detail
    if (until > Date.now()) countDown(until)
  }

  function countDown(until: number): void {
    clearInterval(clock)
    const tick = (): void => {
      waitSeconds.value = Math.max(0, Math.ceil((until - Date.now()) / 1000))
      if (waitSeconds.value === 0) {
        clearInterval(clock)
        told.value = ''
      }
    }
    tick()
    clock = setInterval(tick, 500)
  }
  onBeforeUnmount(() => clearInterval(clock))

  function choose(row: RosterRow): void {
    person.value = row
    told.value = ''
    round.value += 1
  }

  return { people, person, told, busy, round, waitSeconds, load, tryPin, choose }
}
