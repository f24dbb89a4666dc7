/** What does the camera see in its middle? Every QR code it reads, one picture after the other; the decoder is our own, for many phones have none. */
import { onBeforeUnmount, type Ref } from 'vue'
import { useLens } from './useLens'

/** Wide enough for codes of 120 modules, small enough for a weak phone. */
const SIDE = 720
/** A breath between two pictures, so that the page goes on answering. */
const PAUSE = 30

export function useScanner(video: Readonly<Ref<HTMLVideoElement | null>>, read: (text: string) => void) {
  const { state, torch, light, track } = useLens(video, { width: 1280, height: 720 }, () => void look())
  const canvas = document.createElement('canvas')
  let timer: ReturnType<typeof setTimeout> | undefined

  async function look(): Promise<void> {
    const { decodeQR } = await import('qr/decode.js')
    const context = canvas.getContext('2d', { willReadFrequently: true })!
    const next = (): void => {
      // The lens rests while the page is away, and tells again when it sees.
      if (!track()) return
      const text = shown(context, decodeQR)
      if (text) read(text)
      timer = setTimeout(next, PAUSE)
    }
    clearTimeout(timer)
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

  onBeforeUnmount(() => clearTimeout(timer))
  return { state, torch, light }
}
