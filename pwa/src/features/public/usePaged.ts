/** How does a long list come? Page after page, on the reader's wish, until there is no next one. */
import { shallowRef, type ShallowRef } from 'vue'
import { useLoaded, type Loaded } from '../../api/useLoaded'

interface Page<T> { items: T[]; next: string | null }

export interface Paged<T> {
  page: Loaded<Page<T>>
  items: ShallowRef<T[]>
  next: ShallowRef<string | null>
  more(): Promise<void>
  restart(): Promise<void>
}

export function usePaged<T>(ask: (after: string | undefined) => Promise<Page<T>>): Paged<T> {
  const items = shallowRef<T[]>([])
  const next = shallowRef<string | null>(null)
  let after: string | undefined
  let turn = 0
  const page = useLoaded(async () => {
    const mine = ++turn
    const asked = after
    const found = await ask(asked)
    // A slow earlier answer must not be put behind a newer search, nor one page twice.
    if (mine !== turn) return found
    items.value = asked === undefined ? found.items : [...items.value, ...found.items]
    next.value = found.next
    return found
  })

  return {
    page,
    items,
    next,
    more: () => ((after = next.value ?? undefined), page.load()),
    restart: () => ((after = undefined), (page.value.value = null), page.load()),
  }
}
