import { describe, expect, it } from 'vitest'
import { pageLocks } from '../local/locks'
import { createApi, told, type Account } from './client'
import { Problem } from './problem'

const ACCOUNT: Account = { id: 'a-1', name: '示例甲', username: 'jia', roles: ['inspector'], region: { id: '632525', name: '贵南县' }, department: null, inspector_id: 'i-1' }
const json = (body: unknown, status = 200, type = 'application/json'): Response => new Response(JSON.stringify(body), { status, headers: { 'Content-Type': type } })
const session = (token: string, account = ACCOUNT) => json({ access_token: token, expires_in: 900, csrf: 'c-2', account })

type Answer = (path: string, headers: Headers) => Response | Promise<Response>

function apiWith(answer: Answer) {
  const asked: string[] = []
  const fetching = async (path: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    asked.push(String(path))
    return await answer(String(path), new Headers(init?.headers))
  }
  const api = createApi({ fetch: fetching as typeof fetch, alone: pageLocks().alone, cookies: () => 'x=1; onevisit_csrf=c-1', now: Date.now })
  return { api, asked }
}

describe('the only fetch', () => {
  it('takes a good status without our content type for a captive portal: offline', async () => {
    const { api } = apiWith((path) => (path.endsWith('refresh') ? session('t') : new Response('<html>', { headers: { 'Content-Type': 'text/html' } })))
    await expect(api.call('/api/sync/changes')).rejects.toMatchObject({ code: 'net.captive_portal', retry: 'later' })
  })

  it('refreshes once for many calls that found the token spent', async () => {
    let token = 'old'
    const { api, asked } = apiWith((path, headers) => {
      if (path.endsWith('refresh')) return session(token)
      return headers.get('Authorization') === 'Bearer new' ? json({}) : json({ code: 'auth.expired', detail: '', retry: 'after_login' }, 401, 'application/problem+json')
    })
    await api.resume()
    token = 'new'
    await Promise.all([api.call('/api/a'), api.call('/api/b'), api.call('/api/c')])
    expect(asked.filter((path) => path.endsWith('refresh'))).toHaveLength(2)
  })

  it('sends the readable cookie back as proof, and a number with every request', async () => {
    const seen: Headers[] = []
    const { api } = apiWith((_path, headers) => (seen.push(headers), session('t')))
    await api.resume()
    expect(seen[0]!.get('X-CSRF-Token')).toBe('c-1')
    expect(seen[0]!.get('X-Request-Id')).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('asks for a login when the refresh is refused, and never counts the unknown as done', async () => {
    const { api } = apiWith((path) => json(path.endsWith('refresh') ? { code: 'accounts.session_over', detail: '请登录', retry: 'never' } : {}, path.endsWith('refresh') ? 401 : 200, 'application/problem+json'))
    await expect(api.resume()).rejects.toMatchObject({ code: 'accounts.session_over', retry: 'after_login' })
  })

  it.each([
    [json({ code: 'visits.odd', detail: '怪', retry: 'whenever' }, 422, 'application/problem+json'), { code: 'visits.odd', retry: 'later' }],
    [new Response('Bad gateway', { status: 502 }), { code: 'net.unreadable', retry: 'later' }],
    [json({ code: 'tasks.closed', detail: '已结束', retry: 'never', until: '2026' }, 409, 'application/problem+json'), { code: 'tasks.closed', retry: 'never', extra: { until: '2026' } }],
  ])('reads a refusal', async (response, expected) => {
    const { api } = apiWith((path) => (path.endsWith('refresh') ? session('t') : response))
    const error = await api.call('/api/x').catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(Problem)
    expect(error).toMatchObject(expected)
  })

  it('tells too slow from unreachable', async () => {
    const { api } = apiWith((path) => {
      if (path.endsWith('refresh')) return session('t')
      if (path.endsWith('down')) throw new TypeError('Failed to fetch')
      return new Promise(() => undefined)
    })
    await expect(api.call('/api/down')).rejects.toMatchObject({ code: 'net.unreachable' })
    const hanging = createApi({
      fetch: ((_path: string, init: RequestInit) => new Promise((_resolve, reject) => init.signal!.addEventListener('abort', () => reject(init.signal!.reason as Error)))) as unknown as typeof fetch,
      alone: pageLocks().alone, cookies: () => '', now: Date.now,
    })
    await expect(hanging.call('/api/slow', { open: true, timeout: 20 })).rejects.toMatchObject({ code: 'net.too_slow' })
  })

  it('refuses the session of somebody else on a shared phone', async () => {
    const { api } = apiWith(() => session('t'))
    api.expect('a-2')
    await expect(api.resume()).rejects.toMatchObject({ code: 'accounts.other_account', retry: 'after_login' })
  })

  it('fetches files of any type, but no portal’s page', async () => {
    const { api } = apiWith((path) => (path.endsWith('refresh') ? session('t') : new Response('x', { headers: { 'Content-Type': path.endsWith('pdf') ? 'application/pdf' : 'text/html' } })))
    expect((await api.file('/api/papers/1.pdf')).size).toBe(1)
    await expect(api.file('/api/papers/1.png')).rejects.toMatchObject({ code: 'net.captive_portal' })
  })

  it('gives typed answers and sends bodies through the same door', async () => {
    const { api, asked } = apiWith((path) => (path.endsWith('refresh') ? session('t') : json(ACCOUNT)))
    expect(await told(api.http.GET('/api/accounts/me'))).toMatchObject({ id: 'a-1' })
    expect(asked.at(-1)).toBe('/api/accounts/me')
  })
})
