/** A long list by pages of the server: each turn of the page knows where it began. */
import { computed, ref, type ComputedRef, type Ref } from 'vue'
import { useLoaded, type Loaded } from './useLoaded'

export interface Page<T> { items: T[]; next: string | null; total?: number }
export interface Pages<P> {
  loaded: Loaded<P>
  number: Ref<number>
  hasNext: ComputedRef<boolean>
  turn(by: 1 | -1): Promise<void>
  /** From the first page on, after a filter changed. */
  restart(): Promise<void>
}

export function usePages<T, P extends Page<T>>(ask: (after: string | undefined) => Promise<P>): Pages<P> {
  const begins: (string | undefined)[] = [undefined]
  const number = ref(0)
  const loaded = useLoaded(async () => await ask(begins[number.value]))
  const hasNext = computed(() => !!loaded.value.value?.next)
  return {
    loaded,
    number,
    hasNext,
    async turn(by) {
      if (by > 0 && loaded.value.value?.next) begins[number.value + 1] = loaded.value.value.next
      number.value = Math.max(0, number.value + by)
      await loaded.load()
    },
    async restart() {
      begins.length = 1
      number.value = 0
      await loaded.load()
    },
  }
}
