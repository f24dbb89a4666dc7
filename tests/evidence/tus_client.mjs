// What a phone does with tus-js-client, in Node: one attempt per line on stdin, one answer per line on stdout.
// As in sync/photos.ts an attempt begins with the address that is known and ends at the first fault.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'

const { Upload } = createRequire(new URL('../../pwa/package.json', import.meta.url))('tus-js-client')
const CHUNK = 512 * 1024
const WITH_CREATION = 64 * 1024

const attempt = (job, bytes, known) =>
  new Promise((resolve) => {
    const told = { url: known }
    const sending = new Upload(bytes, {
      endpoint: job.endpoint,
      uploadUrl: known,
      storeFingerprintForResuming: false,
      uploadDataDuringCreation: bytes.length <= WITH_CREATION,
      chunkSize: CHUNK,
      retryDelays: null,
      metadata: { hash: job.hash, visit: job.visit },
      headers: { Authorization: `Bearer ${job.token}` },
      onUploadUrlAvailable: () => void (told.url = sending.url),
      onSuccess: () => resolve({ ...told, done: true }),
      onError: (error) => resolve({ ...told, done: false, status: error.originalResponse?.getStatus() ?? 0 }),
    })
    sending.start()
  })

for await (const line of createInterface({ input: process.stdin })) {
  const job = JSON.parse(line)
  console.log(JSON.stringify(await attempt(job, readFileSync(job.file), job.url)))
}
