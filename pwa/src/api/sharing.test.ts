import { expect, it, vi } from 'vitest'
import { pageLocks } from '../local/locks'
import { createApi, type Account, type Session } from './client'
import { tabSharing } from './sharing'

const ACCOUNT: Account = { id: 'a-1', name: '示例甲', username: 'jia', roles: ['inspector'], region: { id: '632525', name: '贵南县' }, department: null, inspector_id: 'i-1' }
const json = (body: unknown): Response => new Response(JSON.stringify(body), { headers: { 'Content-Type': 'application/json' } })

/** Tabs of one browser: a clock, a lock and a channel in common, a memory of its own each. */
function tabs(names: string[], channel: string) {
  let now = 0
  let given = 0
  const refreshed: string[] = []
  const { alone } = pageLocks()
  const each = names.map((name) => createApi({
    fetch: (async (path: RequestInfo | URL) => {
      if (!String(path).endsWith('refresh')) return json({})
      refreshed.push(name)
      return json({ access_token: `t-${++given}`, expires_in: 900, csrf: 'c', account: { ...ACCOUNT, id: name[0] } })
    }) as typeof fetch,
    alone, cookies: () => 'onevisit_csrf=c', now: () => now, share: tabSharing<Session>(channel),
  }))
  return { each, refreshed, pass: (milliseconds: number) => void (now += milliseconds) }
}

it('renews one session for eight tabs', async () => {
  const { each, refreshed, pass } = tabs(['a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'a7', 'a8'], 'eight')
  await Promise.all(each.map((api) => api.resume()))
  refreshed.length = 0
  pass(20 * 60_000)
  const heads = await Promise.all(each.map((api) => api.authorize()))
  expect(refreshed).toHaveLength(1)
  expect(new Set(heads.map((head) => head['Authorization'])).size).toBe(1)
})

it('never takes the session of somebody else who uses this phone', async () => {
  const { each, refreshed, pass } = tabs(['a1', 'b1'], 'two')
  await Promise.all(each.map((api) => api.resume()))
  pass(20 * 60_000)
  const heads = await Promise.all(each.map((api) => api.authorize()))
  expect(refreshed.slice(2).sort()).toEqual(['a1', 'b1'])
  expect(heads[0]!['Authorization']).not.toBe(heads[1]!['Authorization'])
  await vi.waitFor(() => expect(each[0]!.account.value!.id).toBe('a'))
})
