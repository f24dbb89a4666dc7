/** A copy of a photo with what was drawn over it, or with time and place at its foot; the original is never touched. Twin: papers/drawing.py. */
import type { Drawn } from '../rules/bodies'

const [RED, PALE, VEIL, WHOLE] = ['#d61f14', '#ffffff', 'rgba(7, 9, 10, .7)', 10_000]
const FACE = '"PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif'

/** The photo as one holds it, at most `longest` wide or high. */
export async function uprightCanvas(photo: Blob, longest: number): Promise<HTMLCanvasElement> {
  const picture = await createImageBitmap(photo)
  const scale = Math.min(1, longest / Math.max(picture.width, picture.height))
  const canvas = Object.assign(document.createElement('canvas'), { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) })
  canvas.getContext('2d')!.drawImage(picture, 0, 0, canvas.width, canvas.height)
  picture.close()
  return canvas
}

export function drawOver(canvas: HTMLCanvasElement, shapes: readonly Drawn[]): void {
  const pen = canvas.getContext('2d')!
  const longest = Math.max(canvas.width, canvas.height)
  const stroke = Math.max(3, Math.round(longest / 120))
  for (const shape of shapes) {
    const [x1, y1, x2, y2] = [shape.x1 * canvas.width, shape.y1 * canvas.height, shape.x2 * canvas.width, shape.y2 * canvas.height].map((n) => n! / WHOLE) as [number, number, number, number]
    if (shape.kind === 'text') {
      words(pen, canvas, x1, y1, shape.text ?? '', Math.max(16, Math.round(longest / 32)))
      continue
    }
    for (const [colour, width] of [[PALE, stroke + 4], [RED, stroke]] as const) {
      Object.assign(pen, { strokeStyle: colour, lineWidth: width, lineCap: 'round', lineJoin: 'round' })
      pen.beginPath()
      if (shape.kind === 'box') pen.rect(Math.min(x1, x2), Math.min(y1, y2), Math.abs(x2 - x1), Math.abs(y2 - y1))
      else arrow(pen, x1, y1, x2, y2, stroke * 6)
      pen.stroke()
    }
  }
}

function arrow(pen: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number, head: number): void {
  const angle = Math.atan2(y2 - y1, x2 - x1)
  pen.moveTo(x1, y1)
  pen.lineTo(x2, y2)
  for (const turn of [-0.5, 0.5]) {
    pen.moveTo(x2, y2)
    pen.lineTo(x2 - head * Math.cos(angle + turn), y2 - head * Math.sin(angle + turn))
  }
}

function words(pen: CanvasRenderingContext2D, canvas: HTMLCanvasElement, atX: number, atY: number, text: string, size: number): void {
  pen.font = `${size}px ${FACE}`
  pen.textBaseline = 'top'
  const [width, edge] = [pen.measureText(text).width, size / 4]
  // Words near the border stay whole.
  const x = Math.max(edge, Math.min(atX, canvas.width - width - edge))
  const y = Math.max(edge, Math.min(atY, canvas.height - size - edge))
  pen.fillStyle = PALE
  pen.fillRect(x - edge, y - edge, width + 2 * edge, size + 2 * edge)
  pen.fillStyle = RED
  pen.fillText(text, x, y)
}

/** The lines on a dark band at the foot, wrapped where they are long. */
export function stampFoot(canvas: HTMLCanvasElement, lines: readonly string[]): void {
  const pen = canvas.getContext('2d')!
  const size = Math.max(14, Math.round(Math.max(canvas.width, canvas.height) / 48))
  const [edge, step] = [Math.round(size * 0.7), Math.round(size * 1.45)]
  pen.font = `${size}px ${FACE}`
  pen.textBaseline = 'top'
  const wrapped = lines.flatMap((line) => wrap(pen, line, canvas.width - 2 * edge))
  const top = canvas.height - step * wrapped.length - 2 * edge
  pen.fillStyle = VEIL
  pen.fillRect(0, top, canvas.width, canvas.height - top)
  pen.fillStyle = PALE
  wrapped.forEach((line, n) => pen.fillText(line, edge, top + edge + step * n))
}

/** Chinese breaks anywhere. */
export function wrap(pen: Pick<CanvasRenderingContext2D, 'measureText'>, line: string, width: number): string[] {
  const found: string[] = []
  let now = ''
  for (const sign of line) {
    if (now && pen.measureText(now + sign).width > width) {
      found.push(now)
      now = ''
    }
    now += sign
  }
  return now ? [...found, now] : found
}

export async function jpegBlob(canvas: HTMLCanvasElement, quality = 0.85): Promise<Blob> {
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality))
  if (!blob) throw new Error('the canvas gave no picture')
  return blob
}
