/** How far is the freeze that this page asked for? Asked again and again while it lasts; it can be given up. */
import { onBeforeUnmount, ref, type Ref } from 'vue'
import { told } from '../../../api/client'
import type { useApi } from '../../../api/useApi'
import type { components } from '../../../api/types'

const PAUSE = 400
type Far = components['schemas']['Freezing']

export interface Freezing {
  far: Ref<Far | null>
  /** True from the wish to give it up until the answer to the freeze says so. */
  leaving: Ref<boolean>
  giveUp(): Promise<void>
}

export function useFreezing(api: ReturnType<typeof useApi>, task: string): Freezing {
  const far = ref<Far | null>(null)
  const leaving = ref(false)
  const query = { task_id: task }
  let waiting: ReturnType<typeof setTimeout> | undefined
  let over = false

  async function ask(): Promise<void> {
    try {
      const now = await told(api.http.GET('/api/draws/freezing', { params: { query } }))
      if (now.under_way) far.value = now
    } catch { /* the answer to the freeze itself says what is wrong */ }
    if (!over) waiting = setTimeout(() => void ask(), PAUSE)
  }

  async function giveUp(): Promise<void> {
    leaving.value = true
    try {
      await told(api.http.DELETE('/api/draws/freezing', { params: { query } }))
    } catch { leaving.value = false }
  }

  waiting = setTimeout(() => void ask(), PAUSE)
  onBeforeUnmount(() => { over = true; clearTimeout(waiting) })
  return { far, leaving, giveUp }
}
