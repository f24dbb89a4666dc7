/** Pulling a page down at its top asks for news; a hand that only scrolls does nothing. */
import { onBeforeUnmount, onMounted, ref } from 'vue'

const FAR = 72

export function usePull(act: () => Promise<void>) {
  const pulled = ref(0)
  const busy = ref(false)
  let from: number | null = null

  const start = (event: TouchEvent): void => { from = window.scrollY <= 0 && event.touches.length === 1 && !busy.value ? event.touches[0]!.clientY : null }
  const move = (event: TouchEvent): void => {
    if (from === null) return
    pulled.value = window.scrollY > 0 ? 0 : Math.max(0, Math.min(FAR * 1.4, (event.touches[0]!.clientY - from) / 2))
  }
  const end = async (): Promise<void> => {
    const far = pulled.value >= FAR
    pulled.value = 0
    from = null
    if (!far || busy.value) return
    busy.value = true
    // A server that does not answer is told by the badge and by 待传, not here.
    await act().catch(() => undefined)
    busy.value = false
  }
  const listeners = { touchstart: start, touchmove: move, touchend: end, touchcancel: end } as const
  onMounted(() => Object.entries(listeners).forEach(([name, hear]) => document.addEventListener(name, hear as EventListener, { passive: true })))
  onBeforeUnmount(() => Object.entries(listeners).forEach(([name, hear]) => document.removeEventListener(name, hear as EventListener)))
  return { pulled, busy, far: FAR }
}
