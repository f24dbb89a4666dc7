/** Signs in online and finds out what comes next: the desk, a PIN to set, or the phone that is already enrolled. */
import { ref, shallowRef } from 'vue'
import type { RouteLocationRaw } from 'vue-router'
import { asProblem, type Problem } from '../../api/problem'
import { useApi } from '../../api/useApi'
import { phoneBefore } from '../../local/marker'
import { usePhone } from '../../local/usePhone'
import { isDesk } from './wayOn'

/** Where what the server still has of a phone is told; null when this account never was on this phone. */
const afterSweep = (account: string): string | null => {
  const device = phoneBefore(account)
  return device && `/swept/${device}`
}

export function useLogin() {
  const api = useApi()
  const phone = usePhone()
  const busy = ref(false)
  const problem = shallowRef<Problem | null>(null)

  /** `forgot`: the account whose PIN is to be set anew. */
  async function login(username: string, password: string, way: string, forgot: string | null): Promise<RouteLocationRaw | null> {
    busy.value = true
    problem.value = null
    try {
      api.expect(forgot ?? phone.store.value?.account.id ?? null)
      const account = await api.login(username.trim(), password)
      if (isDesk(way) || !account.inspector_id) return isDesk(way) ? way : '/office'
      if (phone.store.value && !phone.swept.value) return way
      if (phone.swept.value) phone.lock()
      if (!(await phone.isEnrolled(account.id))) return { path: '/pin', query: { to: afterSweep(account.id) ?? way } }
      return forgot ? { path: '/pin', query: { to: way, reset: '1' } } : { path: '/unlock', query: { to: way } }
    } catch (error) {
      problem.value = asProblem(error)
      return null
    } finally {
      busy.value = false
    }
  }
  return { login, busy, problem }
}
