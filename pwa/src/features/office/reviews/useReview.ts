/** One part at the desk: read whole, accepted whole, or an item sent back. */
import { computed } from 'vue'
import { useApi } from '../../../api/useApi'
import { mayReview, reviewed, type VisitInFull } from '../../../rules/reviewing'
import { useAct } from '../useAct'
import { useLoaded } from '../useLoaded'

export function useReview(visit: string, department: string) {
  const api = useApi()
  const full = useLoaded(async () => (await (await api.call(`/api/visits/${visit}`)).json()) as VisitInFull)
  const act = useAct()
  const part = computed(() => full.value.value && reviewed(full.value.value, department))
  const may = computed(() => {
    const account = api.account.value
    return part.value !== null && account !== null && mayReview({ department: account.department?.id ?? null, roles: account.roles, inspector: account.inspector_id }, part.value)
  })
  const post = async (path: string, body?: unknown): Promise<void> => {
    const given = body === undefined ? {} : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }
    await api.call(`/api/reviews/${visit}/parts/${encodeURIComponent(department)}/${path}`, { method: 'POST', ...given })
  }
  const accept = (): Promise<boolean> => act.run(() => post('accept'))
  const sendBack = (item: string, reason: string): Promise<boolean> =>
    act.run(async () => {
      await post('send-back', { item, reason: reason.normalize('NFC').trim() })
      await full.load()
    })
  return { full, part, may, act, accept, sendBack }
}
