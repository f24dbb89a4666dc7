/** Where the subject writes his name: whole numbers and a picture, with whatever the browser tells of fingers. */
export interface Pad { element: HTMLCanvasElement; clear(): void; take(): { strokes: number[][][]; png: string } | null }

const FINENESS = 10
const MOST_POINTS = 2_500
/** The picture is shown small; the strokes are what is kept. */
const MOST_SIDE = 1_200

export function padOf(hear: (some: boolean) => void): Pad {
  const element = document.createElement('canvas')
  let strokes: number[][][] = []
  let [began, points] = [0, 0]
  let drawing = false

  function at(x: number, y: number): [number, number] {
    const box = element.getBoundingClientRect()
    return [x - box.left, y - box.top]
  }
  function down(x: number, y: number): void {
    fit()
    if (points >= MOST_POINTS) return
    if (strokes.length === 0) began = Date.now()
    drawing = true
    strokes.push([])
    add(x, y)
  }
  function add(x: number, y: number): void {
    if (!drawing || points >= MOST_POINTS) return
    const [left, top] = at(x, y)
    const stroke = strokes[strokes.length - 1]!
    const point = [Math.round(left * FINENESS), Math.round(top * FINENESS), Date.now() - began]
    const before = stroke[stroke.length - 1]
    if (before && Math.abs(before[0]! - point[0]!) + Math.abs(before[1]! - point[1]!) < 2 * FINENESS) return
    stroke.push(point)
    points += 1
    line(before || point, point)
  }
  function up(): void {
    if (!drawing) return
    drawing = false
    hear(true)
  }
  function line(from: number[], to: number[]): void {
    const context = element.getContext('2d')!
    const scale = element.width / Math.max(1, element.offsetWidth) / FINENESS
    context.strokeStyle = '#0b1a3a'
    context.lineWidth = 26 * scale
    context.lineCap = context.lineJoin = 'round'
    context.beginPath()
    context.moveTo(from[0]! * scale, from[1]! * scale)
    context.lineTo(to[0]! * scale + 0.01, to[1]! * scale)
    context.stroke()
  }
  function fit(): void {
    const ratio = Math.min(2, window.devicePixelRatio || 1, MOST_SIDE / Math.max(1, element.offsetWidth, element.offsetHeight))
    const [width, height] = [Math.round(element.offsetWidth * ratio), Math.round(element.offsetHeight * ratio)]
    if (element.width === width && element.height === height) return
    element.width = width
    element.height = height
    for (const stroke of strokes) stroke.forEach((point, n) => line(stroke[n - 1] || point, point))
  }

  if ('PointerEvent' in window) {
    element.addEventListener('pointerdown', (event) => {
      event.preventDefault()
      element.setPointerCapture(event.pointerId)
      down(event.clientX, event.clientY)
    })
    element.addEventListener('pointermove', (event) => add(event.clientX, event.clientY))
    element.addEventListener('pointerup', up)
    element.addEventListener('pointercancel', up)
  } else {
    const finger = (event: TouchEvent, act: (x: number, y: number) => void): void => {
      event.preventDefault()
      const touch = event.touches[0]
      if (touch) act(touch.clientX, touch.clientY)
    }
    element.addEventListener('touchstart', (event) => finger(event, down), { passive: false })
    element.addEventListener('touchmove', (event) => finger(event, add), { passive: false })
    element.addEventListener('touchend', up)
  }
  window.addEventListener('resize', fit)

  return {
    element,
    clear() {
      strokes = []
      points = 0
      element.getContext('2d')!.clearRect(0, 0, element.width, element.height)
      hear(false)
    },
    take: () => (points > 1 ? { strokes: strokes.filter((stroke) => stroke.length > 0), png: element.toDataURL('image/png').split(',')[1]! } : null),
  }
}
