/** Which parts wait for review? Asked of the server page by page, the most urgent first. */
import { ref, shallowRef } from 'vue'
import { asProblem, type Problem } from '../../api/problem'
import { useApi } from '../../api/useApi'

export interface QueueRow {
  id: string
  visit_id: string
  visit_no: string
  subject: string
  task: string
  department: { id: string; name: string }
  state: string
  state_label: string
  due: string | null
  due_text: string | null
  mine: boolean
  missing_photos: number
}
interface Page { items: QueueRow[]; next: string | null; counts: Record<string, number> }

export function useQueue(first = 'submitted') {
  const api = useApi()
  const state = ref(first)
  const rows = shallowRef<QueueRow[]>([])
  const counts = shallowRef<Record<string, number>>({})
  const next = ref<string | null>(null)
  const problem = shallowRef<Problem | null>(null)
  const busy = ref(false)
  let turn = 0

  async function load(more = false): Promise<void> {
    const mine = ++turn
    busy.value = true
    try {
      const query = new URLSearchParams({ state: state.value, limit: '50', ...(more && next.value ? { after: next.value } : {}) })
      const page = (await (await api.call(`/api/reviews?${query}`)).json()) as Page
      if (mine !== turn) return
      rows.value = more ? [...rows.value, ...page.items] : page.items
      counts.value = page.counts
      next.value = page.next
      problem.value = null
    } catch (error) {
      if (mine === turn) problem.value = asProblem(error)
    } finally {
      if (mine === turn) busy.value = false
    }
  }
  async function show(wanted: string): Promise<void> {
    state.value = wanted
    rows.value = []
    await load()
  }
  void load()
  return { state, rows, counts, next, problem, busy, load, show }
}
