/** Undo and redo of what stands in an editor: a step is what was typed until a short rest. */
import { computed, onScopeDispose, ref, watch, type Ref } from 'vue'

const REST = 450

export function useHistory<T>(state: Ref<T>, changed: () => void) {
  const past = ref<string[]>([])
  const future = ref<string[]>([])
  let kept = JSON.stringify(state.value)
  let timer: ReturnType<typeof setTimeout> | undefined

  /** Closes the running step. */
  function settle(): void {
    clearTimeout(timer)
    const now = JSON.stringify(state.value)
    if (now === kept) return
    past.value.push(kept)
    future.value = []
    kept = now
  }
  watch(state, () => {
    if (JSON.stringify(state.value) === kept) return
    clearTimeout(timer)
    timer = setTimeout(settle, REST)
    changed()
  }, { deep: true })

  function go(from: Ref<string[]>, to: Ref<string[]>): void {
    settle()
    const wanted = from.value.pop()
    if (wanted === undefined) return
    to.value.push(kept)
    kept = wanted
    state.value = JSON.parse(wanted) as T
    changed()
  }
  onScopeDispose(() => clearTimeout(timer))
  return {
    settle,
    undo: () => go(past, future),
    redo: () => { settle(); go(future, past) },
    canUndo: computed(() => past.value.length > 0),
    canRedo: computed(() => future.value.length > 0),
    /** Begins anew from what stands there. */
    reset() {
      clearTimeout(timer)
      past.value = []
      future.value = []
      kept = JSON.stringify(state.value)
    },
  }
}
