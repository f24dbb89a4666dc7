/** One part under review: what was recorded, what was signed, and the two verdicts. */
import { computed, ref, shallowRef } from 'vue'
import { asProblem, type Problem } from '../../api/problem'
import { useApi } from '../../api/useApi'
import { mayReview, reviewed, type VisitInFull } from '../../rules/reviewing'

export function useReview(visit: string, department: string) {
  const api = useApi()
  const full = shallowRef<VisitInFull | null>(null)
  const problem = shallowRef<Problem | null>(null)
  const busy = ref(false)
  const part = computed(() => full.value && reviewed(full.value, department))
  const may = computed(() => {
    const account = api.account.value
    return part.value !== null && account !== null && mayReview({ department: account.department?.id ?? null, roles: account.roles, inspector: account.inspector_id }, part.value)
  })

  async function run(act: () => Promise<unknown>): Promise<boolean> {
    busy.value = true
    try {
      await act()
      problem.value = null
      return true
    } catch (error) {
      problem.value = asProblem(error)
      return false
    } finally {
      busy.value = false
    }
  }
  const load = (): Promise<boolean> => run(async () => (full.value = (await (await api.call(`/api/visits/${visit}`)).json()) as VisitInFull))
  const post = async (path: string, body?: unknown): Promise<void> => {
    const given = body === undefined ? {} : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }
    await api.call(`/api/reviews/${visit}/parts/${encodeURIComponent(department)}/${path}`, { method: 'POST', ...given })
  }
  const accept = (): Promise<boolean> => run(() => post('accept'))
  const sendBack = async (item: string, reason: string): Promise<boolean> => (await run(() => post('send-back', { item, reason: reason.normalize('NFC').trim() }))) && (await load())

  void load()
  return { full, part, may, problem, busy, load, accept, sendBack }
}
