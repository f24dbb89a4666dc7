/** What stands against the day that somebody chooses for one visit? The calendar's rules, asked for this visit alone. */
import { onScopeDispose, ref, watch, type Ref } from 'vue'
import { told } from '../../../api/client'
import { useApi } from '../../../api/useApi'
import type { components } from '../../../api/types'

type Warning = components['schemas']['Warning']

export function useDoubts(visit: { id: string; task: { id: string } }, day: Ref<string>, time: Ref<string>, perDay: number): Ref<Warning[]> {
  const api = useApi()
  const doubts = ref<Warning[]>([])
  let timer = 0
  let asked = 0

  /** A late answer to an earlier day says nothing; without a network the day can be saved all the same. */
  async function ask(): Promise<void> {
    const mine = ++asked
    const kept = [{ visit_id: visit.id, day: day.value, time: time.value }]
    const answer = await told(api.http.POST('/api/dispatches/calendar/proposal', { body: { task_id: visit.task.id, per_day: perDay, wanted: [], kept } })).catch(() => null)
    if (mine === asked) doubts.value = answer?.warnings ?? []
  }

  watch([day, time], () => {
    clearTimeout(timer)
    if (day.value) timer = window.setTimeout(() => void ask(), 300)
    else doubts.value = []
  }, { immediate: true })
  onScopeDispose(() => clearTimeout(timer))
  return doubts
}
