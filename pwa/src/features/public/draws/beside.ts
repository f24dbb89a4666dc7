/** How is a check made beside the page, followed and given up? */
import type { Checked, Checking } from './check'
import type { Answer, Progress } from './check.worker'

/** Ends the worker in any case; giving up rejects with the signal's reason. */
export async function beside(worker: Worker, checking: Checking, follow: (progress: Progress) => void, given?: AbortSignal): Promise<Checked> {
  try {
    return await new Promise<Checked>((resolve, reject) => {
      given?.addEventListener('abort', () => reject(given.reason as Error))
      worker.addEventListener('error', () => reject(new Error('这个浏览器没有打开验算程序，请换一个新版的浏览器。')))
      worker.addEventListener('message', ({ data }: MessageEvent<Answer>) => {
        if ('progress' in data) follow(data.progress)
        else if ('refused' in data) reject(new Error(data.refused))
        else resolve(data.checked)
      })
      given?.throwIfAborted()
      worker.postMessage(checking)
    })
  } finally {
    worker.terminate()
  }
}
