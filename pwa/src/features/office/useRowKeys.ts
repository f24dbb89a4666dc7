/** Which row do J and K choose, and what do Enter and Esc do with it? */
import { onBeforeUnmount, onMounted, type Ref } from 'vue'

/** Somebody writes, or a question stands over the page: keys belong to that. */
export function writing(event: KeyboardEvent): boolean {
  const at = event.target as HTMLElement | null
  return event.ctrlKey || event.metaKey || event.altKey || !!document.querySelector('dialog[open]') || !!at?.closest('input, textarea, select, [contenteditable]')
}

export function useKeys(keys: Record<string, (event: KeyboardEvent) => void>): void {
  function onKey(event: KeyboardEvent): void {
    if (writing(event)) return
    const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key]
    if (!act) return
    // A focused button or link keeps its own Enter and space.
    if ((event.key === 'Enter' || event.key === ' ') && (event.target as HTMLElement | null)?.closest('a, button, summary')) return
    event.preventDefault()
    act(event)
  }
  onMounted(() => document.addEventListener('keydown', onKey))
  onBeforeUnmount(() => document.removeEventListener('keydown', onKey))
}

export function useRowKeys(ids: () => readonly string[], chosen: Ref<string>, open?: (id: string) => void): void {
  function move(by: number): void {
    const all = ids()
    if (!all.length) return
    const at = all.indexOf(chosen.value)
    chosen.value = all[Math.min(all.length - 1, Math.max(0, at < 0 ? 0 : at + by))]!
    requestAnimationFrame(() => document.querySelector(`[data-row="${CSS.escape(chosen.value)}"]`)?.scrollIntoView({ block: 'nearest' }))
  }
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    Enter: () => chosen.value && open?.(chosen.value),
    Escape: () => (chosen.value = ''),
  })
}
