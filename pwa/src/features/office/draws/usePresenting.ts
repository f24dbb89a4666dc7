/** Is the room on a projector? Large type and nothing but what witnesses should see; the whole page grows with its root. */
import { onBeforeUnmount, ref, watch, type Ref } from 'vue'

const LARGE = '133%'

export function usePresenting(): { presenting: Ref<boolean>; toggle(): void } {
  const presenting = ref(new URLSearchParams(location.search).get('show') === '1')
  const root = document.documentElement
  watch(presenting, (on) => {
    root.style.fontSize = on ? LARGE : ''
    root.classList.toggle('presenting', on)
  }, { immediate: true })
  onBeforeUnmount(() => {
    root.style.fontSize = ''
    root.classList.remove('presenting')
  })
  return {
    presenting,
    toggle: () => {
      presenting.value = !presenting.value
      // A projector shows nothing but the room; where the browser refuses, the large type stays.
      if (presenting.value) void root.requestFullscreen?.().catch(() => undefined)
      else if (document.fullscreenElement) void document.exitFullscreen()
    },
  }
}
