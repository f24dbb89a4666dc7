/** How do photos and signatures reach the server? One at a time by tus, after their operations, resumed where the last try stopped. */
import type { DetailedError, UploadOptions } from 'tus-js-client'
import type { Api } from '../api/client'
import { Problem, unreachable } from '../api/problem'
import { blobOf, LONGEST_PAUSE, nextFiles, noteFile } from '../local/blobs'
import type { Store } from '../local/store'
import type { BlobRow } from '../local/tables'
import { backoff } from './backoff'

export const ENDPOINT = '/api/evidence/files/'
/** Small enough that a weak link finishes one, large enough that a photo is a few requests. */
const CHUNK = 512 * 1024
/** A larger file is announced first: of a request that breaks before its answer nobody learns where to go on. */
const WITH_CREATION = 64 * 1024

/** The server has every byte already (its answer was lost, or it was restored): as good as sent. */
const STORED = 'evidence.already_stored'
/** After a refusal that trying again will not change by itself. */
const MUCH_LATER = LONGEST_PAUSE
const LINE_STATUS = new Set([401, 408, 429])
const isAboutFile = ({ status }: Problem): boolean => status >= 400 && status < 500 && !LINE_STATUS.has(status)

export interface FileProgress { hash: string; sent: number; size: number }

/** Sends the next file that may travel; null when none may. Throws a Problem when it did not get through. */
export async function sendNextFile(api: Api, store: Store, hear: (progress: FileProgress) => void): Promise<BlobRow | null> {
  const [next] = await nextFiles(store, store.now())
  if (!next) return null
  const bytes = await blobOf(store, next.hash)
  if (!bytes) {
    await noteFile(store, next.hash, { problem: '本机找不到这个文件', next_at: store.now() + MUCH_LATER })
    return next
  }
  try {
    await upload(api, store, next, bytes, hear)
  } catch (error) {
    const problem = problemOf(error)
    if (problem.code !== STORED) {
      const attempts = next.attempts + 1
      const pause = problem.retry === 'never' ? MUCH_LATER : backoff(attempts)
      await noteFile(store, next.hash, { attempts, problem: problem.detail, next_at: store.now() + pause })
      // A file the server does not want must not hold up the others; a line that broke holds up all of them.
      if (isAboutFile(problem)) return next
      throw problem
    }
  }
  await noteFile(store, next.hash, { state: 'received', sent: next.size, received_at: store.now() + (api.clockOffset.value ?? store.clockOffset ?? 0), url: null, attempts: 0, next_at: 0, problem: null })
  return next
}

async function upload(api: Api, store: Store, row: BlobRow, bytes: Blob, hear: (progress: FileProgress) => void): Promise<void> {
  const { Upload } = await import('tus-js-client')
  await new Promise<void>((resolve, reject) => {
    const options: UploadOptions = {
      endpoint: ENDPOINT,
      // Where to go on is kept in our own database, not in localStorage.
      uploadUrl: row.url,
      storeFingerprintForResuming: false,
      uploadDataDuringCreation: row.size <= WITH_CREATION,
      chunkSize: CHUNK,
      retryDelays: null,
      metadata: { hash: row.hash, visit: row.visit },
      onBeforeRequest: async (request) => {
        for (const [name, value] of Object.entries(await api.authorize())) request.setHeader(name, value)
      },
      onUploadUrlAvailable: () => void noteFile(store, row.hash, { url: sending.url }),
      onChunkComplete: (_chunk, sent) => void noteFile(store, row.hash, { sent }),
      onProgress: (sent) => hear({ hash: row.hash, sent, size: row.size }),
      onSuccess: () => resolve(),
      onError: reject,
    }
    const sending = new Upload(bytes, options)
    sending.start()
  })
}

/** tus tells of a refusal in its own way; the body is our problem document all the same. */
function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error
  const response = (error as Partial<DetailedError>).originalResponse
  // Raised by onBeforeRequest: a login that is needed, or no network for the refresh.
  const cause = (error as Partial<DetailedError>).causingError
  if (cause instanceof Problem) return cause
  if (!response) return unreachable(null)
  try {
    const told = JSON.parse(response.getBody()) as { code?: string; detail?: string; retry?: Problem['retry'] }
    return new Problem(told.code ?? 'net.unknown', told.detail ?? '照片没有传上去。', told.retry ?? 'later', response.getStatus())
  } catch {
    return new Problem('net.unreadable', '照片没有传上去，服务器的回答读不懂。', 'later', response.getStatus())
  }
}
