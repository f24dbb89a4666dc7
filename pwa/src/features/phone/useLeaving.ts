/** How does one leave this phone? Locking is always free; signing out and taking the account off never lose what was not sent. */
import { computed, ref, shallowRef } from 'vue'
import { useRouter } from 'vue-router'
import { asProblem, type Problem } from '../../api/problem'
import { useApi } from '../../api/useApi'
import { usePhone, useStore } from '../../local/usePhone'
import { tallyOf } from '../../local/tally'
import { useSync } from '../../sync/useSync'

export type Leaving = 'out' | 'off'

export function useLeaving() {
  const api = useApi()
  const phone = usePhone()
  const store = useStore()
  const sync = useSync()
  const router = useRouter()
  const asked = ref<Leaving | null>(null)
  const busy = ref(false)
  const problem = shallowRef<Problem | null>(null)
  const waiting = computed(() => {
    const tally = sync.value?.status.value.tally
    return tally ? tally.operations.here + tally.files.here : 0
  })

  async function lock(): Promise<void> {
    phone.lock()
    await router.replace('/unlock')
  }

  /** Tries to send first; what stays waits, encrypted, until its owner comes back. */
  async function send(): Promise<void> {
    busy.value = true
    await sync.value?.now().finally(() => (busy.value = false))
    problem.value = sync.value?.status.value.problem ?? null
  }

  async function signOut(): Promise<void> {
    busy.value = true
    // Without a line the session ends by itself; the phone is locked all the same.
    await api.logout().catch(() => undefined)
    await lock()
  }

  async function takeOff(): Promise<void> {
    busy.value = true
    try {
      const { operations, files } = await tallyOf(store)
      if (operations.here + files.here > 0) return
      await api.logout().catch(() => undefined)
      await phone.forget(store.account.id)
      await router.replace((await phone.roster()).length ? '/unlock' : '/login')
    } catch (error) {
      problem.value = asProblem(error)
    } finally {
      busy.value = false
    }
  }
  return { asked, busy, problem, waiting, lock, send, signOut, takeOff }
}
