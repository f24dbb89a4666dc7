/** The camera inside the page: picture on screen, light, shutter; resting while the page is away. */
import { onBeforeUnmount, onMounted, ref, shallowRef, type Ref } from 'vue'
import { jpegOf } from './original'

/** Not yet in TypeScript's own library. */
interface StillCamera { takePhoto(): Promise<Blob> }
declare const ImageCapture: (new (track: MediaStreamTrack) => StillCamera) | undefined
type Torch = MediaTrackConstraintSet & { torch?: boolean }

/** Some phones accept the call and never answer it. */
const STILL_PATIENCE = 4_000
const FRAME_QUALITY = 0.92

export type CameraState = 'starting' | 'on' | 'refused' | 'none'

export function useCamera(video: Readonly<Ref<HTMLVideoElement | null>>) {
  const state = ref<CameraState>('starting')
  const torch = ref<boolean | null>(null)
  const stream = shallowRef<MediaStream | null>(null)
  let gone = false

  async function start(): Promise<void> {
    if (stream.value) return
    if (!navigator.mediaDevices?.getUserMedia) return void (state.value = 'none')
    try {
      const found = await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: { ideal: 'environment' }, width: { ideal: 2560 }, height: { ideal: 1920 } } })
      if (gone) return found.getTracks().forEach((track) => track.stop())
      stream.value = found
      if (video.value) video.value.srcObject = found
      await video.value?.play().catch(() => undefined)
      const able = track()?.getCapabilities?.() as { torch?: boolean } | undefined
      torch.value = able?.torch ? false : null
      state.value = 'on'
    } catch (error) {
      state.value = (error as Error).name === 'NotAllowedError' ? 'refused' : 'none'
    }
  }

  const track = (): MediaStreamTrack | undefined => stream.value?.getVideoTracks()[0]

  function stop(): void {
    stream.value?.getTracks().forEach((one) => one.stop())
    stream.value = null
  }

  async function light(): Promise<void> {
    const wanted = !torch.value
    await track()?.applyConstraints({ advanced: [{ torch: wanted } as Torch] }).then(() => (torch.value = wanted), () => (torch.value = null))
  }

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
  return { state, torch, light, shoot }
}
