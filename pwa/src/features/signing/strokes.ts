/** How does a drawn signature become whole numbers? Tenths of a pixel and milliseconds, few enough to fit into one operation. */
import type { Strokes } from '../../rules/bodies'

export interface DrawnPoint { x: number; y: number; time: number }

/** A `sign` operation may have 64 KB; a point takes up to 20 bytes. */
const MOST_POINTS = 2_500
const MOST_STROKES = 500
const FINENESS = 10

export function strokesOf(drawn: readonly { points: readonly DrawnPoint[] }[]): Strokes {
  const strokes = drawn.filter(({ points }) => points.length > 0).slice(0, MOST_STROKES)
  const start = strokes[0]?.points[0]?.time ?? 0
  const all = strokes.reduce((sum, { points }) => sum + points.length, 0)
  const step = Math.max(1, Math.ceil(all / MOST_POINTS))
  return strokes.map(({ points }) =>
    points
      // First and last of a stroke always stay, so that no line gets shorter.
      .filter((_point, n) => n % step === 0 || n === points.length - 1)
      .map(({ x, y, time }) => [Math.round(x * FINENESS), Math.round(y * FINENESS), Math.max(0, Math.round(time - start))]))
}

/** A slip of the hand is no signature: what was drawn must reach this far, in pixels. */
const LEAST_REACH = 24

export function isSigned(drawn: readonly { points: readonly DrawnPoint[] }[]): boolean {
  const points = drawn.flatMap((stroke) => stroke.points)
  if (points.length === 0) return false
  const across = (of: (point: DrawnPoint) => number): number => Math.max(...points.map(of)) - Math.min(...points.map(of))
  return Math.hypot(across(({ x }) => x), across(({ y }) => y)) >= LEAST_REACH
}

/** Where on the pad a touch is, when the pad lies turned by a quarter on an upright phone. */
export function turned(box: { top: number; right: number }, x: number, y: number): { x: number; y: number } {
  return { x: y - box.top, y: box.right - x }
}
