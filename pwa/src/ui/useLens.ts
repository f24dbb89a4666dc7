/** The phone's camera as a stream into a <video>: picture, light, resting while the page is away. Photos and codes are taken from it. */
import { onBeforeUnmount, onMounted, ref, shallowRef, type Ref } from 'vue'

export type LensState = 'starting' | 'on' | 'refused' | 'none'

/** Not yet in TypeScript's own library. */
type Torch = MediaTrackConstraintSet & { torch?: boolean }

/** `seeing` is called each time the picture stands. */
export function useLens(video: Readonly<Ref<HTMLVideoElement | null>>, wish: { width: number; height: number }, seeing: () => void = () => undefined) {
  const state = ref<LensState>('starting')
  /** Null where there is no light to switch. */
  const torch = ref<boolean | null>(null)
  const stream = shallowRef<MediaStream | null>(null)
  let gone = false

  const track = (): MediaStreamTrack | undefined => stream.value?.getVideoTracks()[0]

  async function start(): Promise<void> {
    if (stream.value || gone) return
    if (!navigator.mediaDevices?.getUserMedia) return void (state.value = 'none')
    try {
      const found = await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: { ideal: 'environment' }, width: { ideal: wish.width }, height: { ideal: wish.height } } })
      if (gone) return found.getTracks().forEach((one) => one.stop())
      stream.value = found
      if (video.value) video.value.srcObject = found
      await video.value?.play().catch(() => undefined)
      torch.value = (track()?.getCapabilities?.() as { torch?: boolean } | undefined)?.torch ? false : null
      state.value = 'on'
      seeing()
    } catch (error) {
      state.value = (error as Error).name === 'NotAllowedError' ? 'refused' : 'none'
    }
  }

  function stop(): void {
    stream.value?.getTracks().forEach((one) => one.stop())
    stream.value = null
  }

  async function light(): Promise<void> {
    const wanted = !torch.value
    await track()?.applyConstraints({ advanced: [{ torch: wanted } as Torch] }).then(() => (torch.value = wanted), () => (torch.value = null))
  }

  const onVisible = (): void => { if (document.visibilityState === 'visible') void start(); else stop() }
  onMounted(() => {
    document.addEventListener('visibilitychange', onVisible)
    void start()
  })
  onBeforeUnmount(() => {
    gone = true
    document.removeEventListener('visibilitychange', onVisible)
    stop()
  })
  return { state, torch, light, track }
}
