/** How many bytes does a phone fetch until 我的任务 is usable? What is built is summed here; tests/e2e/test_first_load.py weighs the real line. */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync } from 'node:zlib'

/** Issue 2, "Shows" 5. */
const LIMIT = 190 * 1024
/** Left for the first answers of the server: login, enrolment, and one visit (at most 30 KiB, sync.md). */
const FIRST_ANSWERS = 40 * 1024

const folder = `${process.env.ONEVISIT_PWA ?? fileURLToPath(new URL('../dist', import.meta.url))}/`
if (!existsSync(`${folder}sw.js`)) throw new Error('no sw.js: run npm run build first')
const textOf = (name) => readFileSync(folder + name, 'utf8')

// The worker's own list is the truth about what is kept, and when.
const kept = [...textOf('sw.js').matchAll(/\{[^{}]*\burl["']?:\s*["'`]([^"'`]+)["'`][^{}]*\}/g)].map(([entry, url]) => ({
  name: url === '/' ? 'index.html' : url,
  stage: /["'`]later["'`]/.test(entry) ? 'after' : 'before',
}))
if (kept.length < 5) throw new Error('the list of kept files was not found in sw.js')
const icons = JSON.parse(textOf('manifest.webmanifest')).icons.map(({ src }) => src.slice(1))
const besides = ['sw.js', 'manifest.webmanifest', ...icons].map((name) => ({ name, stage: 'before' }))

const rows = [...new Map([...besides, ...kept].map((row) => [row.name, row])).values()].map((row) => {
  const bytes = readFileSync(folder + row.name)
  const packed = row.name.endsWith('.png') ? bytes.length : Math.min(bytes.length, brotliCompressSync(bytes).length)
  return { ...row, raw: bytes.length, packed }
}).sort((a, b) => a.stage.localeCompare(b.stage) * -1 || b.packed - a.packed)

const kib = (bytes) => `${(bytes / 1024).toFixed(1)} KiB`.padStart(10)
const sum = (stage) => rows.filter((row) => row.stage === stage).reduce((total, { packed }) => total + packed, 0)
const [before, after] = [sum('before'), sum('after')]
if (process.argv.includes('--table')) for (const row of rows) console.log(`${kib(row.packed)} ${kib(row.raw)}  ${row.stage === 'before' ? 'before' : 'after '}  ${row.name}`)
console.log(`${kib(before)}  until 我的任务 is usable, with ${kib(FIRST_ANSWERS).trim()} left for first answers of ${kib(LIMIT).trim()}`)
console.log(`${kib(after)}  kept after that; ${kib(before + after).trim()} in all`)
// The subject's page is read in a chat app, once, by somebody who waits: all of it, unpacked (sync.md 6).
const LIGHT = 60 * 1024
const light = ['sign.html', ...[...textOf('sign.html').matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map(([, name]) => name)].reduce((total, name) => total + readFileSync(folder + name).length, 0)
console.log(`${kib(light)}  the light page of the subject, of ${kib(LIGHT).trim()}`)
if (process.argv.includes('--check') && light > LIGHT) {
  console.error(`the light page is over its limit by ${kib(light - LIGHT).trim()}`)
  process.exit(1)
}
if (process.argv.includes('--check') && before > LIMIT - FIRST_ANSWERS) {
  console.error(`over the limit by ${kib(before + FIRST_ANSWERS - LIMIT).trim()}: npm run budget names the files`)
  process.exit(1)
}
