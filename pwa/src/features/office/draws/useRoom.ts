/** What does the room show now? Asked anew while parties still have to speak, so that the projector follows. */
import { computed, onBeforeUnmount, onMounted, ref, watch } from 'vue'
import { told } from '../../../api/client'
import { useApi } from '../../../api/useApi'
import type { components } from '../../../api/types'
import { useLoaded } from '../useLoaded'

export type Room = components['schemas']['Room']
const EVERY = 3000

export function useRoom(id: string) {
  const api = useApi()
  const names = ref(false)
  const loaded = useLoaded(async () => await told(api.http.GET('/api/draws/{draw_id}', { params: { path: { draw_id: id }, query: names.value ? { names: true } : {} } })))
  const room = computed(() => loaded.value.value)
  const open = computed(() => room.value?.state === 'preparing' || room.value?.state === 'committed')
  let clock: ReturnType<typeof setInterval> | undefined
  onMounted(() => (clock = setInterval(() => {
    if (open.value && document.visibilityState === 'visible') void loaded.load()
  }, EVERY)))
  onBeforeUnmount(() => clearInterval(clock))
  watch(names, () => void loaded.load())
  return { loaded, room, open, names, take: (next: Room) => void (loaded.value.value = next) }
}
