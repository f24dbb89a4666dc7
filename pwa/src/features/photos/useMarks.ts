/** Drawing over a copy of a photo: what is drawn is kept as a draft at every stroke, and becomes one fact when it is saved. */
import { computed, ref, shallowRef, watch } from 'vue'
import { readSetting, writeSetting } from '../../local/settings'
import { useStore } from '../../local/usePhone'
import type { Drawn } from '../../rules/bodies'

export type Tool = Drawn['kind']
const WHOLE = 10_000
/** A tap is no arrow. */
const LEAST = 150
const MOST = 40

export interface Point { x: number; y: number }

const within = (n: number): number => Math.round(Math.min(WHOLE, Math.max(0, n)))

/** From a place on the picture as shown to the ten-thousandths that are kept. */
export const pointIn = (box: Pick<DOMRect, 'left' | 'top' | 'width' | 'height'>, at: { clientX: number; clientY: number }): Point => ({
  x: within(((at.clientX - box.left) / box.width) * WHOLE),
  y: within(((at.clientY - box.top) / box.height) * WHOLE),
})

export function useMarks(place: string) {
  const store = useStore()
  const key = `marks_draft/${place}`
  const tool = ref<Tool>('box')
  const words = ref('')
  const drawn = shallowRef<readonly Drawn[]>([])
  const drawing = shallowRef<Drawn | null>(null)

  void readSetting<Drawn[]>(store, key).then((kept) => { if (kept && drawn.value.length === 0) drawn.value = kept }).catch(() => undefined)
  watch(drawn, (now) => void writeSetting(store, key, now).catch(() => undefined))

  const full = computed(() => drawn.value.length >= MOST)
  const shown = computed(() => (drawing.value ? [...drawn.value, drawing.value] : drawn.value))

  function begin(at: Point): void {
    if (full.value) return
    if (tool.value === 'text') {
      const text = words.value.trim()
      if (text) drawn.value = [...drawn.value, { kind: 'text', x1: at.x, y1: at.y, x2: at.x, y2: at.y, text }]
      words.value = ''
      return
    }
    drawing.value = { kind: tool.value, x1: at.x, y1: at.y, x2: at.x, y2: at.y, text: null }
  }
  function move(at: Point): void {
    if (drawing.value) drawing.value = { ...drawing.value, x2: at.x, y2: at.y }
  }
  function end(): void {
    const one = drawing.value
    drawing.value = null
    if (one && Math.hypot(one.x2 - one.x1, one.y2 - one.y1) >= LEAST) drawn.value = [...drawn.value, one]
  }
  /** Without a finger: where the eye falls first. */
  function putInMiddle(): void {
    if (tool.value === 'text') return begin({ x: WHOLE / 4, y: WHOLE / 3 })
    begin({ x: (WHOLE * 3) / 10, y: (WHOLE * 3) / 10 })
    move({ x: (WHOLE * 7) / 10, y: (WHOLE * 7) / 10 })
    end()
  }
  const undo = (): void => { drawn.value = drawn.value.slice(0, -1) }
  const forget = (): Promise<void> => writeSetting(store, key, null)

  return { tool, words, drawn, shown, full, begin, move, end, putInMiddle, undo, forget }
}
