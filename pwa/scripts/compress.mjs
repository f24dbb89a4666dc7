/** Makes the .br and .gz twins of every built text file once, so that the server never compresses anything itself. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const folder = `${process.env.ONEVISIT_PWA ?? fileURLToPath(new URL('../dist', import.meta.url))}/`
const TEXTS = /\.(html|js|css|svg|json|webmanifest|txt)$/

let count = 0
for (const name of readdirSync(folder, { recursive: true })) {
  if (!TEXTS.test(name)) continue
  const bytes = readFileSync(folder + name)
  const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }
  for (const [end, packed] of [['br', brotliCompressSync(bytes, options)], ['gz', gzipSync(bytes, { level: 9 })]]) {
    // A twin that saves nothing only costs the phone a decoder.
    if (packed.length < bytes.length) writeFileSync(`${folder}${name}.${end}`, packed)
  }
  count++
}
console.log(`${count} files have their .br and .gz twins`)
