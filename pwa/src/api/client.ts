/** How does the application talk to the server? The only fetch: it signs in, refreshes once for all tabs, times out, and turns every failure into a Problem. */
import createClient, { type Client } from 'openapi-fetch'
import { shallowRef, type ShallowRef } from 'vue'
import type { Share } from './sharing'
import { captive, isOurs, loginNeeded, Problem, problemOf, tooSlow, unreachable } from './problem'
import type { paths } from './types'

/** The account as login, refresh and `me` tell it. */
export interface Account {
  id: string
  name: string
  username: string
  roles: string[]
  region: { id: string; name: string }
  department: { id: string; name: string } | null
  inspector_id: string | null
}

export interface Session { access_token: string; expires_in: number; csrf: string; account: Account }

export interface CallOptions extends Omit<RequestInit, 'signal'> {
  /** Milliseconds; a slow village network needs long ones. */
  timeout?: number
  /** Without a bearer token: login and the public pages. */
  open?: boolean
  signal?: AbortSignal
}

export interface Api {
  /** Typed calls; a failure is thrown as Problem, so `data` is always there for answers with a body. */
  http: Client<paths>
  /** Raw call with token, retry after refresh and Problem; for wire forms of our own and for files. */
  call(path: string, options?: CallOptions): Promise<Response>
  /** A file for an <img> or a download: pictures and papers cannot carry a token in their address. */
  file(path: string, options?: CallOptions): Promise<Blob>
  account: Readonly<ShallowRef<Account | null>>
  /** Milliseconds the server's clock is ahead of this phone's; null until it was heard. */
  clockOffset: Readonly<ShallowRef<number | null>>
  login(username: string, password: string): Promise<Account>
  logout(): Promise<void>
  /** The signed-in account, by the refresh cookie when needed; throws when nobody is. */
  resume(): Promise<Account>
  /** Headers for the upload library, which makes its own requests. */
  authorize(): Promise<Record<string, string>>
  /** From now on only this account may be refreshed: several may share a phone and a cookie. */
  expect(accountId: string | null): void
}

export interface ApiParts {
  fetch: typeof fetch
  /** One at a time across tabs. */
  alone<T>(name: string, act: () => Promise<T>): Promise<T>
  cookies(): string
  now(): number
  /** Between the tabs of this browser: eight of them need one renewal, not eight. */
  share?: Share<Session>
}

const TIMEOUT = 20_000
/** For files, which have types of their own; a page among them is still a captive portal's. */
const ANY = '*/*'
const isPage = (response: Response): boolean => (response.headers.get('Content-Type') ?? '').startsWith('text/html')
/** A token this near to its end is renewed before it is used. */
const NEAR_END = 30_000

/** The body of a typed call; failures were thrown, so there is one: `const plan = await told(api.http.GET(...))`. */
export async function told<Body>(answer: Promise<{ data?: Body }>): Promise<Body> {
  return (await answer).data as Body
}

export function createApi(parts: ApiParts): Api {
  const account = shallowRef<Account | null>(null)
  const clockOffset = shallowRef<number | null>(null)
  let token: { text: string; until: number } | null = null
  let given: Session | null = null
  let csrf: string | null = null
  let expected: string | null = null

  /** One request, no second try: timeout, request number, captive portals, problems. */
  async function once(path: string, options: CallOptions, headers: Headers): Promise<Response> {
    const request = crypto.randomUUID()
    headers.set('X-Request-Id', request)
    const stop = new AbortController()
    const { timeout = TIMEOUT, open: _open, signal, ...init } = options
    const timer = setTimeout(() => stop.abort(tooSlow(request)), timeout)
    const passOn = (): void => stop.abort(signal?.reason)
    signal?.addEventListener('abort', passOn, { once: true })
    try {
      const response = await parts.fetch(path, { credentials: 'same-origin', cache: 'no-store', ...init, headers, signal: stop.signal })
      if (!response.ok) throw await problemOf(response, request)
      const hasBody = response.status !== 204
      if (hasBody && !isOurs(response) && (headers.get('Accept') !== ANY || isPage(response))) throw captive(request)
      hearClock(response)
      return response
    } catch (error) {
      if (error instanceof Problem) throw error
      if (signal?.aborted) throw signal.reason
      throw stop.signal.aborted ? tooSlow(request) : unreachable(request)
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', passOn)
    }
  }

  function hearClock(response: Response): void {
    const told = Date.parse(response.headers.get('Date') ?? '')
    // The header counts whole seconds, so a difference below one second says nothing.
    if (!Number.isNaN(told)) clockOffset.value = Math.abs(told - parts.now()) < 1500 ? 0 : told - parts.now()
  }

  function take(session: Session): Account {
    if (expected !== null && session.account.id !== expected) {
      forget()
      throw new Problem('accounts.other_account', `现在登录的是${session.account.name}，请用本人账号登录。`, 'after_login', 401)
    }
    token = { text: session.access_token, until: parts.now() + session.expires_in * 1000 }
    csrf = session.csrf
    given = session
    account.value = session.account
    return session.account
  }

  const others = parts.share?.(
    () => (given && token && token.until - parts.now() > NEAR_END ? { ...given, expires_in: Math.floor((token.until - parts.now()) / 1000) } : null),
    // Only of the same account: several share a phone. And only a better one than mine.
    (session) => { if (session.account.id === (expected ?? account.value?.id) && session.expires_in * 1000 > (token ? token.until - parts.now() : 0)) take(session) },
  )

  function forget(): void {
    token = given = null
    csrf = null
    account.value = null
  }

  /** One refresh at a time, across tabs: each reads the cookies the one before it was given. */
  async function refresh(spent: string | null, refused = false): Promise<void> {
    await parts.alone('onevisit-refresh', async () => {
      if (token && token.text !== spent) return
      // At the end of its time another tab may have a new one; what the server refused is not asked for again.
      if (spent !== null && !refused) await others?.ask()
      if (token && token.text !== spent) return
      const known = /(?:^|;\s*)onevisit_csrf=([^;]+)/.exec(parts.cookies())?.[1] ?? csrf
      if (!known) throw loginNeeded()
      const headers = new Headers({ Accept: 'application/json', 'X-CSRF-Token': decodeURIComponent(known) })
      try {
        take((await (await once('/api/accounts/refresh', { method: 'POST' }, headers)).json()) as Session)
      } catch (error) {
        if (error instanceof Problem && (error.status === 401 || error.status === 403)) {
          forget()
          throw new Problem(error.code, error.detail, 'after_login', error.status, error.request)
        }
        throw error
      }
    })
  }

  async function bearer(): Promise<string> {
    if (!token || token.until - parts.now() < NEAR_END) await refresh(token?.text ?? null)
    if (!token) throw loginNeeded()
    return token.text
  }

  async function call(path: string, options: CallOptions = {}): Promise<Response> {
    const headers = new Headers(options.headers)
    if (!headers.has('Accept')) headers.set('Accept', 'application/json')
    if (options.open) return await once(path, options, headers)
    const text = await bearer()
    headers.set('Authorization', `Bearer ${text}`)
    try {
      return await once(path, options, headers)
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 401) throw error
      await refresh(text, true)
      headers.set('Authorization', `Bearer ${await bearer()}`)
      return await once(path, options, headers)
    }
  }

  /** openapi-fetch builds a Request; its parts go through the same door. */
  async function throughDoor(request: Request): Promise<Response> {
    const url = new URL(request.url)
    const open = url.pathname === '/api/accounts/login' || url.pathname.startsWith('/api/public/')
    const body = request.method === 'GET' || request.method === 'HEAD' ? undefined : await request.blob()
    const headers = new Headers(request.headers)
    // A desk's POST that is sent twice must happen once (sent again after a refresh, or by a second tap on a slow line).
    if (request.method === 'POST' && !headers.has('Idempotency-Key')) headers.set('Idempotency-Key', crypto.randomUUID())
    return await call(url.pathname + url.search, { method: request.method, headers, body: body?.size ? body : undefined, signal: request.signal, open })
  }

  return {
    http: createClient<paths>({ baseUrl: typeof location === 'undefined' ? 'http://localhost' : location.origin, fetch: throughDoor }),
    call,
    file: async (path, options = {}) => await (await call(path, { ...options, headers: { ...(options.headers as Record<string, string> | undefined), Accept: ANY } })).blob(),
    account,
    clockOffset,
    async login(username, password) {
      forget()
      const response = await call('/api/accounts/login', { method: 'POST', open: true, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ username, password }) })
      return take((await response.json()) as Session)
    },
    async logout() {
      try {
        await call('/api/accounts/logout', { method: 'POST', headers: csrf ? { 'X-CSRF-Token': csrf } : {} })
      } finally {
        forget()
      }
    },
    async resume() {
      await bearer()
      return account.value ?? Promise.reject(loginNeeded())
    },
    authorize: async () => ({ Authorization: `Bearer ${await bearer()}`, 'X-Request-Id': crypto.randomUUID() }),
    expect(id) {
      expected = id
      if (id !== null && account.value && account.value.id !== id) forget()
    },
  }
}
