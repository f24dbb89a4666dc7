/** How many bytes does a phone fetch until the field app is usable and kept offline? Fails above the limit of figures.md. */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync } from 'node:zlib'

const LIMIT = 190 * 1024
const folder = fileURLToPath(new URL('../dist/', import.meta.url))
if (!existsSync(`${folder}sw.js`)) throw new Error('no dist/sw.js: run npm run build first')

const worker = readFileSync(`${folder}sw.js`, 'utf8')
// The worker's own list is the truth about what is kept; the page and its entry files are all in it.
const kept = [...worker.matchAll(/["']?url["']?:\s*["'`]([^"'`]+)["'`]/g)].map(([, url]) => (url === '/' ? 'index.html' : url.replace(/^\//, '')))
const names = [...new Set(['index.html', 'sw.js', 'manifest.webmanifest', 'icons/icon-192.png', 'icons/icon-512.png', ...kept])]

const first = new Set([...readFileSync(`${folder}index.html`, 'utf8').matchAll(/(?:src|href)="\/([^"]+)"/g)].map(([, name]) => name))

const rows = names.map((name) => {
  const bytes = readFileSync(folder + name)
  const packed = name.endsWith('.png') ? bytes.length : Math.min(bytes.length, existsSync(`${folder}${name}.br`) ? readFileSync(`${folder}${name}.br`).length : brotliCompressSync(bytes).length)
  return { name, raw: bytes.length, packed, entry: first.has(name) || name === 'index.html' }
}).sort((a, b) => b.packed - a.packed)

const kib = (bytes) => `${(bytes / 1024).toFixed(1)} KiB`.padStart(11)
for (const row of rows) console.log(`${kib(row.packed)} ${kib(row.raw)}  ${row.entry ? 'first screen' : 'kept        '}  ${row.name}`)
const sum = rows.reduce((total, row) => total + row.packed, 0)
console.log(`${kib(rows.filter((row) => row.entry).reduce((total, row) => total + row.packed, 0))}              before the first screen`)
console.log(`${kib(sum)}              in all; limit ${kib(LIMIT).trim()}`)
if (sum > LIMIT) console.error(`over the limit by ${kib(sum - LIMIT).trim()}`)
process.exit(sum > LIMIT ? 1 : 0)
