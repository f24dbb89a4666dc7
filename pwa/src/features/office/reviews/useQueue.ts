/** Which parts stand in which state of review? Page by page, the most urgent first. */
import { computed, ref, shallowRef } from 'vue'
import { useApi } from '../../../api/useApi'
import { useLoaded, type Loaded } from '../useLoaded'

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
export interface QueuePage { items: QueueRow[]; next: string | null; counts: Record<string, number> }

export function useQueue(state: () => string) {
  const api = useApi()
  const ask = async (after?: string): Promise<QueuePage> => {
    const query = new URLSearchParams({ state: state(), limit: '50', ...(after ? { after } : {}) })
    return (await (await api.call(`/api/reviews?${query}`)).json()) as QueuePage
  }
  const page: Loaded<QueuePage> = useLoaded(() => ask())
  const later = shallowRef<QueueRow[]>([])
  const next = ref<string | null | undefined>()
  const rows = computed(() => [...(page.value.value?.items ?? []), ...later.value])
  const following = computed(() => (next.value === undefined ? (page.value.value?.next ?? null) : next.value))

  async function load(): Promise<void> {
    later.value = []
    next.value = undefined
    await page.load()
  }
  async function more(): Promise<void> {
    if (!following.value) return
    const found = await ask(following.value)
    later.value = [...later.value, ...found.items]
    next.value = found.next
  }
  return { page, rows, following, load, more }
}

export const pathOf = (row: Pick<QueueRow, 'visit_id' | 'department'>): string => `/office/reviews/${row.visit_id}/${row.department.id}`
