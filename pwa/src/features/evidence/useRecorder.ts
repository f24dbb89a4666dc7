/** A recording being made: bounded in seconds and bytes, its pieces on the disk as they come, so that a killed page loses the last seconds only. */
import { onBeforeUnmount, ref, shallowRef } from 'vue'
import { fromBase64url, toBase64url } from '../../local/base64url'
import { readSetting, writeSetting } from '../../local/settings'
import { useStore } from '../../local/usePhone'
import type { Store } from '../../local/store'

export type Sound = 'audio' | 'clip'
export interface Bounds { seconds: number; bytes: number }
/** Enough for a statement, small enough to travel; a clip shows one thing. */
export const BOUNDS: Record<Sound, Bounds> = { audio: { seconds: 600, bytes: 16 * 1024 * 1024 }, clip: { seconds: 60, bytes: 48 * 1024 * 1024 } }

const TYPES: Record<Sound, readonly string[]> = {
  audio: ['audio/webm;codecs=opus', 'audio/mp4', 'audio/ogg;codecs=opus'],
  clip: ['video/mp4;codecs=avc1.42E01E,mp4a.40.2', 'video/webm;codecs=vp8,opus', 'video/webm', 'video/mp4'],
}
const PIECE = 3_000

export interface Taken { type: string; seconds: number; bytes: ArrayBuffer }
interface Kept { type: string; startedAt: number; pieces: number; seconds: number }

/** What this browser can record; null when nothing. */
export const typeFor = (sound: Sound, can: (type: string) => boolean): string | null => TYPES[sound].find(can) ?? null
/** As the record names it: without codecs. */
export const bareType = (type: string): string => type.split(';')[0]!

const head = (place: string): string => `sound/${place}`
const piece = (place: string, n: number): string => `sound/${place}/${n}`

/** The pieces of a recording on the disk, sealed like everything else. */
export function soundPieces(store: Store, place: string) {
  let now: Kept | null = null
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(act: () => Promise<T>): Promise<T> => {
    const mine = last.then(act)
    last = mine.catch(() => undefined)
    return mine
  }
  return {
    begin: (type: string): Promise<void> => inTurn(async () => {
      await clear()
      now = { type: bareType(type), startedAt: store.now(), pieces: 0, seconds: 0 }
      await writeSetting(store, head(place), now)
    }),
    add: (bytes: ArrayBuffer, seconds: number): Promise<void> => inTurn(async () => {
      if (!now) return
      await writeSetting(store, piece(place, now.pieces), toBase64url(bytes))
      now = { ...now, pieces: now.pieces + 1, seconds }
      await writeSetting(store, head(place), now)
    }),
    /** All that is on the disk, joined; null when nothing is. */
    whole: (): Promise<(Taken & { startedAt: number }) | null> => inTurn(async () => {
      const kept = await readSetting<Kept>(store, head(place))
      if (!kept || kept.pieces === 0) return null
      const parts: Uint8Array<ArrayBuffer>[] = []
      for (let n = 0; n < kept.pieces; n += 1) parts.push(fromBase64url((await readSetting<string>(store, piece(place, n))) ?? ''))
      return { type: kept.type, seconds: kept.seconds, startedAt: kept.startedAt, bytes: await new Blob(parts).arrayBuffer() }
    }),
    clear: (): Promise<void> => inTurn(clear),
  }
  async function clear(): Promise<void> {
    const kept = await readSetting<Kept>(store, head(place))
    for (let n = 0; n < (kept?.pieces ?? 0); n += 1) await store.db.settings.delete(piece(place, n))
    await writeSetting(store, head(place), null)
    now = null
  }
}

export type RecorderState = 'idle' | 'asking' | 'on' | 'ended' | 'refused' | 'none'

export function useRecorder(sound: Sound, place: string) {
  const pieces = soundPieces(useStore(), place)
  const bounds = BOUNDS[sound]
  const state = ref<RecorderState>('idle')
  const seconds = ref(0)
  const why = ref<string | null>(null)
  const stream = shallowRef<MediaStream | null>(null)
  let recorder: MediaRecorder | null = null
  let clock: ReturnType<typeof setInterval> | undefined
  let [begun, size, written] = [0, 0, Promise.resolve()]

  async function start(): Promise<void> {
    const type = typeof MediaRecorder === 'function' ? typeFor(sound, (one) => MediaRecorder.isTypeSupported(one)) : null
    if (!type || !navigator.mediaDevices?.getUserMedia) return void (state.value = 'none')
    state.value = 'asking'
    why.value = null
    try {
      const video = sound === 'clip' ? { facingMode: { ideal: 'environment' }, width: { ideal: 1280 }, height: { ideal: 720 } } : false
      stream.value = await navigator.mediaDevices.getUserMedia({ audio: true, video })
    } catch (error) {
      state.value = (error as Error).name === 'NotAllowedError' ? 'refused' : 'none'
      return
    }
    await pieces.begin(type)
    recorder = new MediaRecorder(stream.value, { mimeType: type, audioBitsPerSecond: 32_000, videoBitsPerSecond: 1_500_000 })
    ;[begun, size] = [performance.now(), 0]
    recorder.ondataavailable = ({ data }) => { written = written.then(() => keep(data)) }
    recorder.onstop = () => void written.then(finish)
    recorder.start(PIECE)
    state.value = 'on'
    clock = setInterval(tick, 250)
  }

  async function keep(data: Blob): Promise<void> {
    if (data.size === 0) return
    size += data.size
    try {
      await pieces.add(await data.arrayBuffer(), Math.max(1, Math.round(seconds.value)))
    } catch {
      why.value = '手机空间不够，录到这里为止。'
      stop()
    }
    if (size >= bounds.bytes) {
      why.value = '文件够大了，录到这里为止。再录请另起一段。'
      stop()
    }
  }
  function tick(): void {
    seconds.value = (performance.now() - begun) / 1000
    if (seconds.value < bounds.seconds) return
    why.value = '到时间了，录到这里为止。再录请另起一段。'
    stop()
  }
  function stop(): void {
    clearInterval(clock)
    if (recorder?.state === 'recording') recorder.stop()
  }
  function finish(): void {
    release()
    state.value = 'ended'
  }
  function release(): void {
    stream.value?.getTracks().forEach((track) => track.stop())
    stream.value = null
  }
  // A phone that rings or a screen that goes dark ends the recording; what there is stays.
  const onHide = (): void => { if (document.visibilityState === 'hidden' && state.value === 'on') { why.value = '离开了本页，录到那时为止。'; stop() } }
  if (typeof document !== 'undefined') document.addEventListener('visibilitychange', onHide)
  onBeforeUnmount(() => {
    if (typeof document !== 'undefined') document.removeEventListener('visibilitychange', onHide)
    stop()
    release()
  })
  return { state, seconds, why, stream, bounds, start, stop, whole: pieces.whole, clear: pieces.clear }
}
