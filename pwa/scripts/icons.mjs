/** Draws the icon of the application, an open door, as SVG and as PNG; no picture library needed. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { deflateSync } from 'node:zlib'

const GROUND = [0x10, 0x45, 0x8a]
const INK = [0xff, 0xff, 0xff]
/** On a 24 grid, as in ui/icons.ts: frame and threshold are strokes, the leaf is filled. */
const STROKES = [
  [[6, 20.5], [6, 4.5], [7, 3.5], [17, 3.5], [18, 4.5], [18, 20.5]],
  [[3, 20.5], [21, 20.5]],
]
const LEAF = [[10, 6.2], [15, 4.5], [15, 20.5], [10, 18.8]]
const WIDTH = 1.75
/** How much of the icon the 24 grid takes; a maskable one keeps to the safe circle. */
const SHARE = { any: 0.66, maskable: 0.54 }
const CORNER = 0.22

function distance([px, py], [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay]
  const along = Math.max(0, Math.min(1, ((px - ax) * dx + (py - ay) * dy) / (dx * dx + dy * dy)))
  return Math.hypot(px - ax - along * dx, py - ay - along * dy)
}

function isInside([px, py], polygon) {
  let inside = false
  polygon.forEach(([ax, ay], n) => {
    const [bx, by] = polygon[(n + 1) % polygon.length]
    if (ay > py !== by > py && px < ((bx - ax) * (py - ay)) / (by - ay) + ax) inside = !inside
  })
  return inside
}

const isInk = (point) =>
  isInside(point, LEAF) || STROKES.some((line) => line.slice(1).some((end, n) => distance(point, line[n], end) <= WIDTH / 2))

function isGround(x, y, rounded) {
  if (!rounded) return true
  const out = (v) => Math.max(CORNER - v, v - (1 - CORNER), 0)
  return Math.hypot(out(x), out(y)) <= CORNER
}

/** Four by four samples per pixel. */
function pixel(x, y, size, kind) {
  let [ink, ground] = [0, 0]
  for (let n = 0; n < 16; n++) {
    const [u, v] = [(x + ((n % 4) + 0.5) / 4) / size, (y + (Math.floor(n / 4) + 0.5) / 4) / size]
    if (!isGround(u, v, kind === 'any')) continue
    ground++
    if (isInk([((u - 0.5) / SHARE[kind] + 0.5) * 24, ((v - 0.5) / SHARE[kind] + 0.5) * 24])) ink++
  }
  const mix = ground === 0 ? 0 : ink / ground
  return [...GROUND.map((channel, n) => Math.round(channel + (INK[n] - channel) * mix)), Math.round((ground / 16) * 255)]
}

const CRC = Array.from({ length: 256 }, (_, n) => Array.from({ length: 8 }).reduce((c) => (c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1), n))
function chunk(type, body) {
  const whole = Buffer.concat([Buffer.from(type), body])
  const crc = whole.reduce((c, byte) => CRC[(c ^ byte) & 0xff] ^ (c >>> 8), 0xffffffff) ^ 0xffffffff
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(body.length)
  sum.writeUInt32BE(crc >>> 0)
  return Buffer.concat([length, whole, sum])
}

/** A few dozen colours: a palette with its transparency takes a third of the bytes of four channels. */
function png(size, kind) {
  const palette = new Map()
  const lines = []
  for (let y = 0; y < size; y++) {
    const line = [0]
    for (let x = 0; x < size; x++) {
      const colour = pixel(x, y, size, kind).join()
      if (!palette.has(colour)) palette.set(colour, palette.size)
      line.push(palette.get(colour))
    }
    lines.push(Buffer.from(line))
  }
  const colours = [...palette.keys()].map((colour) => colour.split(',').map(Number))
  if (colours.length > 256) throw new Error(`${colours.length} colours are too many for a palette`)
  const head = Buffer.alloc(13)
  head.writeUInt32BE(size, 0)
  head.writeUInt32BE(size, 4)
  head.set([8, 3, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
    chunk('IHDR', head),
    chunk('PLTE', Buffer.from(colours.flatMap((one) => one.slice(0, 3)))),
    chunk('tRNS', Buffer.from(colours.map((one) => one[3]))),
    chunk('IDAT', deflateSync(Buffer.concat(lines), { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function svg() {
  const path = (points, end = '') => `M${points.map((point) => point.join(' ')).join('L')}${end}`
  const hex = `#${GROUND.map((n) => n.toString(16).padStart(2, '0')).join('')}`
  const side = 24 / SHARE.any
  const start = (side - 24) / -2
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${start.toFixed(2)} ${start.toFixed(2)} ${side.toFixed(2)} ${side.toFixed(2)}"><rect x="${start.toFixed(2)}" y="${start.toFixed(2)}" width="${side.toFixed(2)}" height="${side.toFixed(2)}" rx="${(side * CORNER).toFixed(2)}" fill="${hex}"/><path d="${STROKES.map((line) => path(line)).join('')}" fill="none" stroke="#fff" stroke-width="${WIDTH}" stroke-linecap="round" stroke-linejoin="round"/><path d="${path(LEAF, 'z')}" fill="#fff"/></svg>\n`
}

const folder = fileURLToPath(new URL('../public/icons/', import.meta.url))
mkdirSync(folder, { recursive: true })
writeFileSync(`${folder}icon.svg`, svg())
for (const [name, size, kind] of [['icon-180', 180, 'maskable'], ['icon-192', 192, 'any'], ['icon-512', 512, 'any'], ['maskable-512', 512, 'maskable']]) {
  const picture = png(size, kind)
  writeFileSync(`${folder}${name}.png`, picture)
  console.log(`${name}.png ${picture.length} bytes`)
}
