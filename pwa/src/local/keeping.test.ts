import { describe, expect, it } from 'vitest'
import { keepingOf } from './keeping'

/** A Cache in memory, with what keepingOf uses of it. */
function cacheOf(...paths: string[]): Cache {
  const rows = new Map(paths.map((path) => [path, new Response(path)]))
  const at = (request: RequestInfo | URL): string => new URL(typeof request === 'string' ? request : request instanceof URL ? request.href : request.url, 'https://example.test').pathname
  return {
    keys: async () => [...rows.keys()].map((path) => new Request(`https://example.test${path}`)),
    put: async (request: RequestInfo | URL, response: Response) => void rows.set(at(request), response),
    match: async (request: RequestInfo | URL) => rows.get(at(request)),
    delete: async (request: RequestInfo | URL) => rows.delete(at(request)),
  } as unknown as Cache
}
const paths = ['/assets/a.js', '/assets/b.js', '/assets/c.js', '/assets/d.js']
const answer = async (path: string): Promise<Response> => new Response(path, { headers: { 'Content-Type': 'text/javascript' } })

describe('keeping the rest of the application', () => {
  it('fetches only what is missing and counts what lies there', async () => {
    const cache = cacheOf('/assets/a.js')
    const asked: string[] = []
    const told: number[] = []
    const keeping = keepingOf(paths, async () => cache, async (path) => { asked.push(path); return await answer(path) })
    expect(await keeping.keep(({ have }) => told.push(have))).toEqual({ have: 4, all: 4 })
    expect(asked.sort()).toEqual(paths.slice(1))
    expect(told).toEqual([2, 3, 4])
    expect(await (await keeping.match('/assets/c.js'))?.text()).toBe('/assets/c.js')
  })

  it.each([
    ['a broken line', async () => { throw new TypeError('Failed to fetch') }],
    ['a missing file', async () => new Response('', { status: 404 })],
    ['the login page of a Wi-Fi', async () => new Response('<html>', { headers: { 'Content-Type': 'text/html; charset=utf-8' } })],
  ])('is not whole after %s, and goes on where it stopped', async (_name, fault) => {
    const cache = cacheOf()
    let broken = true
    const keeping = keepingOf(paths, async () => cache, async (path) => (broken && path.endsWith('c.js') ? await fault() : await answer(path)))
    expect((await keeping.keep()).have).toBeLessThan(4)
    expect(await keeping.match('/assets/c.js')).toBeUndefined()
    broken = false
    expect(await keeping.keep()).toEqual({ have: 4, all: 4 })
  })

  it('works once for two pages that ask at the same time', async () => {
    const cache = cacheOf()
    let asked = 0
    const keeping = keepingOf(paths, async () => cache, async (path) => { asked += 1; return await answer(path) })
    await Promise.all([keeping.keep(), keeping.keep()])
    expect(asked).toBe(4)
  })

  it('notices what the browser threw away', async () => {
    const cache = cacheOf(...paths)
    const keeping = keepingOf(paths, async () => cache, answer)
    await cache.delete('/assets/b.js')
    let least = 9
    expect(await keeping.keep(({ have }) => (least = Math.min(least, have)))).toEqual({ have: 4, all: 4 })
    expect(least).toBe(4)
  })

  it('forgets what only an older build needed', async () => {
    const cache = cacheOf('/assets/old.js', '/assets/a.js')
    const keeping = keepingOf(paths, async () => cache, answer)
    await keeping.drop()
    expect((await cache.keys()).map(({ url }) => new URL(url).pathname)).toEqual(['/assets/a.js'])
    expect(keeping.knows('/assets/old.js')).toBe(false)
  })
})
