/** Which columns does this clerk want to see? Remembered on this computer. */
import { ref, watch, type Ref } from 'vue'

export interface Column { name: string; label: string; on?: boolean }

export function useColumns(list: string, columns: readonly Column[]): Ref<string[]> {
  const key = `onevisit.columns.${list}`
  const known = new Set(columns.map(({ name }) => name))
  const shown = ref<string[]>(remembered(key)?.filter((name) => known.has(name)) ?? columns.filter(({ on }) => on !== false).map(({ name }) => name))
  watch(shown, (names) => {
    try {
      localStorage.setItem(key, JSON.stringify(names))
    } catch { /* a closed browser profile forgets, that is all */ }
  })
  return shown
}

function remembered(key: string): string[] | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? 'null')
    return Array.isArray(kept) ? kept.filter((one): one is string => typeof one === 'string') : null
  } catch {
    return null
  }
}
