/** How do the phones of a simulation reach the server? Every request is handed to the driver, which decides what becomes of it. */
import type { Life } from './disk'

export interface Asked { fetch: number; phone: string; method: string; path: string; headers: Record<string, string>; body: string }
export interface Answered { answer: number; status?: number; headers?: Record<string, string>; body?: string; error?: string }

let count = 0
const waiting = new Map<number, (answer: Answered) => void>()
let say: (message: unknown) => void = () => undefined
export const sayWith = (how: typeof say): void => void (say = how)

export function hear(answer: Answered): void {
  const take = waiting.get(answer.answer)
  waiting.delete(answer.answer)
  take?.(answer)
}

async function ask(phone: string, life: Life, method: string, path: string, headers: Record<string, string>, body: Uint8Array): Promise<Answered> {
  // A dead page asks nobody any more.
  if (life.dead) return await new Promise(() => undefined)
  const number = ++count
  const answered = new Promise<Answered>((resolve) => waiting.set(number, resolve))
  say({ fetch: number, phone, method, path, headers, body: Buffer.from(body).toString('base64') } satisfies Asked)
  const answer = await answered
  if (life.dead) return await new Promise(() => undefined)
  return answer
}

const bytesOf = async (body: unknown): Promise<Uint8Array> => (body === undefined || body === null ? new Uint8Array() : new Uint8Array(await new Response(body as BodyInit).arrayBuffer()))

/** `fetch` of one life of one phone. */
export const fetchOf = (phone: string, life: Life): typeof fetch => async (path, init = {}) => {
  const headers = Object.fromEntries(new Headers(init.headers))
  const { status = 0, headers: told, body, error } = await ask(phone, life, init.method ?? 'GET', String(path), headers, await bytesOf(init.body))
  if (error !== undefined) throw new TypeError(error)
  const bytes = Buffer.from(body ?? '', 'base64')
  return new Response(status === 204 || bytes.length === 0 ? null : bytes, { status, headers: told ?? {} })
}

/** What the upload library asks for in a browser, over the same line. */
export const requestOf = (now: () => { name: string; life: Life }) =>
  class {
    upload: { onprogress?: (event: unknown) => void } = {}
    onload: (() => void) | null = null
    onerror: ((event: unknown) => void) | null = null
    status = 0
    responseText = ''
    withCredentials = false
    private readonly headers: Record<string, string> = {}
    private told = new Headers()
    private asked: [string, string] = ['GET', '']
    private stopped = false

    open(method: string, url: string): void {
      this.asked = [method, url]
    }
    setRequestHeader(name: string, value: string): void {
      this.headers[name] = value
    }
    getResponseHeader(name: string): string | null {
      return this.told.get(name)
    }
    abort(): void {
      this.stopped = true
    }
    send(body?: unknown): void {
      const { name, life } = now()
      void bytesOf(body).then(async (bytes) => {
        const answer = await ask(name, life, this.asked[0], this.asked[1], this.headers, bytes)
        if (this.stopped) return
        if (answer.error !== undefined) return this.onerror?.(new Error(answer.error))
        this.status = answer.status ?? 0
        this.told = new Headers(answer.headers ?? {})
        this.responseText = Buffer.from(answer.body ?? '', 'base64').toString()
        this.onload?.()
      })
    }
  }
