/** Words being typed: kept after a short rest, when the field is left and when the page goes, so that a killed page loses almost nothing. */
import { onBeforeUnmount, ref, watch, type Ref } from 'vue'

const REST = 1_200

export interface Typing {
  text: Ref<string>
  typed(): void
  /** Keeps at once what is not kept yet. */
  flush(): void
}

export function useTyping(kept: () => string | null, keep: (text: string | null) => void): Typing {
  const text = ref(kept() ?? '')
  let dirty = false
  let timer: ReturnType<typeof setTimeout> | undefined

  // What was typed here and not yet kept is never overwritten by what arrives.
  watch(kept, (now) => { if (!dirty) text.value = now ?? '' })

  function flush(): void {
    clearTimeout(timer)
    if (!dirty) return
    dirty = false
    const said = text.value.trim() || null
    if (said !== kept()) keep(said)
  }
  const onHide = (): void => { if (document.visibilityState === 'hidden') flush() }
  if (typeof document !== 'undefined') document.addEventListener('visibilitychange', onHide)
  onBeforeUnmount(() => {
    if (typeof document !== 'undefined') document.removeEventListener('visibilitychange', onHide)
    flush()
  })
  return {
    text,
    typed() {
      dirty = true
      clearTimeout(timer)
      timer = setTimeout(flush, REST)
    },
    flush,
  }
}
