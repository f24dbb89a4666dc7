/** The camera inside the page and its shutter. */
import type { Ref } from 'vue'
import { useLens } from '../../ui/useLens'
import { jpegOf } from './original'

/** Not yet in TypeScript's own library. */
interface StillCamera { takePhoto(): Promise<Blob> }
declare const ImageCapture: (new (track: MediaStreamTrack) => StillCamera) | undefined

/** Some phones accept the call and never answer it. */
const STILL_PATIENCE = 4_000
const FRAME_QUALITY = 0.92

export function useCamera(video: Readonly<Ref<HTMLVideoElement | null>>) {
  const { state, torch, light, track } = useLens(video, { width: 2560, height: 1920 })

  /** A still in full resolution where the phone gives one, else the frame on screen. */
  async function shoot(): Promise<Blob> {
    const now = track()
    if (now && typeof ImageCapture === 'function') {
      const still = await Promise.race([new ImageCapture(now).takePhoto().catch(() => null), new Promise<null>((resolve) => setTimeout(resolve, STILL_PATIENCE, null))])
      if (still && still.size > 0) return still
    }
    const shown = video.value
    if (!shown?.videoWidth) throw new Error('the camera shows no picture yet')
    const canvas = Object.assign(document.createElement('canvas'), { width: shown.videoWidth, height: shown.videoHeight })
    canvas.getContext('2d')!.drawImage(shown, 0, 0)
    return new Blob([await jpegOf(canvas, FRAME_QUALITY)], { type: 'image/jpeg' })
  }

  return { state, torch, light, shoot }
}
