/** A paper as one long picture, for sharing where nobody can open a PDF: set on a canvas, block by block. */
import { jpegBlob, wrap } from '../../local/markedPicture'
import type { Letter } from '../../ui/letters'

const [WIDTH, EDGE, SIZE, STEP] = [1080, 72, 34, 54]
const FACE = '"Songti SC", "Noto Serif CJK SC", "Noto Serif SC", SimSun, serif'
/** No phone draws a canvas longer than this. */
const MOST = 16_000

type Line = { text: string; size: number; bold: boolean; x: number; align: CanvasTextAlign; gap: number; rule?: boolean }

/** The lines of a letter at this width; measuring is given from outside, so that it can be tried without a screen. */
export function linesOf(letter: Letter, measure: (text: string, size: number) => number): Line[] {
  const lines: Line[] = []
  const inner = WIDTH - 2 * EDGE
  const set = (text: string, { size = SIZE, bold = false, indent = 0, align = 'left' as CanvasTextAlign, gap = 8, rule = false } = {}): void => {
    const pen = { measureText: (part: string) => ({ width: measure(part, size) }) as TextMetrics }
    wrap(pen, `${'　'.repeat(indent)}${text}`, inner).forEach((part, n) => {
      lines.push({ text: part, size, bold, align, x: align === 'center' ? WIDTH / 2 : align === 'right' ? WIDTH - EDGE : EDGE, gap: n === 0 ? gap : 0, rule: rule && n === 0 })
    })
  }
  set(letter.authority, { align: 'center' })
  set(letter.title, { size: 52, bold: true, align: 'center', gap: 18 })
  if (letter.number) set(letter.number, { align: 'center', gap: 10 })
  for (const block of letter.blocks) {
    if (block.kind === 'to') set(block.text, { bold: true, gap: 30 })
    else if (block.kind === 'p') set(block.text, { indent: 2, gap: 12 })
    else if (block.kind === 'h') set(block.text, { bold: true, gap: 28 })
    else if (block.kind === 'tick') set(`${block.on ? '☑' : '□'}${block.text}`, { indent: 2 })
    else if (block.kind === 'close') set(block.text, { align: 'right', gap: 14 })
    else if (block.kind === 'sign') set(`${block.label}：`, { gap: 60, rule: true })
    else if (block.kind === 'talk') {
      set(`问：${block.ask}`, { bold: true, gap: 14 })
      set(`答：${block.answer}`)
    }
    else if (block.kind === 'rows') block.rows.forEach(([label, value]) => set(`${label}：${value}`, { gap: 10 }))
    else if (block.kind === 'table') block.rows.forEach((row) => set(row.map((cell, n) => `${block.head[n]}：${cell}`).join('；'), { gap: 16 }))
  }
  return lines
}

export async function letterPicture(letter: Letter): Promise<Blob> {
  const canvas = document.createElement('canvas')
  const pen = canvas.getContext('2d')!
  const face = ({ size, bold }: Pick<Line, 'size' | 'bold'>): string => `${bold ? 600 : 400} ${size}px ${FACE}`
  const lines = linesOf(letter, (text, size) => {
    pen.font = face({ size, bold: false })
    return pen.measureText(text).width
  })
  const height = (line: Line): number => line.gap + Math.max(STEP, line.size * 1.4)
  canvas.width = WIDTH
  canvas.height = Math.min(MOST, 2 * EDGE + lines.reduce((sum, line) => sum + height(line), 0))
  Object.assign(pen, { fillStyle: '#fff' })
  pen.fillRect(0, 0, canvas.width, canvas.height)
  Object.assign(pen, { fillStyle: '#14140f', strokeStyle: '#14140f', textBaseline: 'alphabetic' })
  let y = EDGE
  for (const line of lines) {
    y += height(line)
    pen.font = face(line)
    pen.textAlign = line.align
    pen.fillText(line.text, line.x, y)
    if (line.rule) pen.fillRect(EDGE + pen.measureText(line.text).width + 12, y + 6, WIDTH / 2, 2)
  }
  return await jpegBlob(canvas, 0.9)
}
