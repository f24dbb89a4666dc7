/** What does the camera see in its middle? Every QR code it reads, one picture after the other; the decoder is our own, for many phones have none. */
import { onBeforeUnmount, onMounted, ref, shallowRef, type Ref } from 'vue'

export type ScannerState = 'starting' | 'on' | 'refused' | 'none'

/** Wide enough for codes of 120 modules, small enough for a weak phone. */
const SIDE = 720
/** A breath between two pictures, so that the page goes on answering. */
const PAUSE = 30

type Torch = MediaTrackConstraintSet & { torch?: boolean }

export function useScanner(video: Readonly<Ref<HTMLVideoElement | null>>, read: (text: string) => void) {
  const state = ref<ScannerState>('starting')
  const torch = ref<boolean | null>(null)
  const stream = shallowRef<MediaStream | null>(null)
  const canvas = document.createElement('canvas')
  let timer: ReturnType<typeof setTimeout> | undefined
  let gone = false

  const track = (): MediaStreamTrack | undefined => stream.value?.getVideoTracks()[0]

  async function start(): Promise<void> {
    if (stream.value || gone) return
    if (!navigator.mediaDevices?.getUserMedia) return void (state.value = 'none')
    try {
      const found = await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: { ideal: 'environment' }, width: { ideal: 1280 }, height: { ideal: 720 } } })
      if (gone) return found.getTracks().forEach((one) => one.stop())
      stream.value = found
      if (video.value) video.value.srcObject = found
      await video.value?.play().catch(() => undefined)
      torch.value = (track()?.getCapabilities?.() as { torch?: boolean } | undefined)?.torch ? false : null
      state.value = 'on'
      void look()
    } catch (error) {
      state.value = (error as Error).name === 'NotAllowedError' ? 'refused' : 'none'
    }
  }

  function stop(): void {
    clearTimeout(timer)
    stream.value?.getTracks().forEach((one) => one.stop())
    stream.value = null
  }

  async function look(): Promise<void> {
    const { decodeQR } = await import('qr/decode.js')
    const context = canvas.getContext('2d', { willReadFrequently: true })!
    const next = (): void => {
      if (gone || !stream.value) return
      const text = shown(context, decodeQR)
      if (text) read(text)
      timer = setTimeout(next, PAUSE)
    }
    next()
  }

  /** The middle square is what the frame on screen shows. */
  function shown(context: CanvasRenderingContext2D, decode: (image: ImageData) => string): string | null {
    const { videoWidth: width = 0, videoHeight: height = 0 } = video.value ?? {}
    const middle = Math.min(width, height)
    if (!middle) return null
    const side = Math.min(SIDE, middle)
    if (canvas.width !== side) Object.assign(canvas, { width: side, height: side })
    context.drawImage(video.value!, (width - middle) / 2, (height - middle) / 2, middle, middle, 0, 0, side, side)
    try {
      return decode(context.getImageData(0, 0, side, side))
    } catch {
      // No code in this picture, or a blurred one: the next comes at once.
      return null
    }
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
  return { state, torch, light }
}
