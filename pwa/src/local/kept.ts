/** Is the whole application on this phone, so that no screen needs the network? Asks the service worker until it is. */
import { inject, shallowRef, type InjectionKey, type ShallowRef } from 'vue'
import { KEEP, KEPT_SAYS, type KeptCount } from './keeping'

export interface Kept extends KeptCount {
  whole: boolean
  /** The last try ended before everything was there; the next one comes by itself. */
  broken: boolean
}
export type KeptState = Readonly<ShallowRef<Kept | null>>

/** null: nobody knows yet, or this browser keeps nothing. */
export const KEPT: InjectionKey<KeptState> = Symbol('kept')
export const useKept = (): KeptState => inject(KEPT, shallowRef(null))

/** A worker that was ended says nothing more: then it is asked again. */
const SILENCE = 30_000
const FIRST_PAUSE = 5_000
const LONGEST_PAUSE = 10 * 60_000

/** `ask` starts it; asking again does no harm. */
export function watchKept(workers: ServiceWorkerContainer | undefined): { state: KeptState; ask: () => void } {
  const state = shallowRef<Kept | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined
  let pause = FIRST_PAUSE
  let asked = false

  const send = (): void => void workers?.ready.then(({ active }) => {
    active?.postMessage({ type: KEEP })
    again(SILENCE)
  }).catch(() => undefined)

  function again(after: number): void {
    clearTimeout(timer)
    timer = setTimeout(send, after)
  }

  function hear(event: MessageEvent<{ type?: unknown; have?: number; all?: number; ended?: boolean }>): void {
    const { type, have = 0, all = 0, ended = false } = event.data ?? {}
    if (type !== KEPT_SAYS) return
    const whole = ended && have === all
    state.value = { have, all, whole, broken: ended && !whole }
    if (whole) clearTimeout(timer)
    else if (asked) again(ended ? pause : SILENCE)
    if (ended) pause = whole ? FIRST_PAUSE : Math.min(pause * 2, LONGEST_PAUSE)
  }

  function ask(): void {
    if (asked || !workers) return
    asked = true
    workers.addEventListener('message', hear)
    workers.startMessages()
    // Another worker may have come in, with another build: ask that one.
    workers.addEventListener('controllerchange', send)
    window.addEventListener('online', () => { if (!state.value?.whole) send() })
    send()
  }
  return { state, ask }
}
