/** How does the rest of the application get onto the phone, and is all of it there? File by file, looked up and not remembered. */

/** From a page to the worker, and back. */
export const KEEP = 'KEEP'
export const KEPT_SAYS = 'KEPT'
/** Files of the second half that lie on the phone, of how many. */
export interface KeptCount { have: number; all: number }

/** One cache for all builds: names hold the hash of the content, so what did not change is never fetched again. */
export const FIELD_CACHE = 'onevisit-field'
/** A few at a time: records and photos use the same line. */
const AT_ONCE = 3

export interface Keeping {
  /** Fetches what is missing, in any order; what fails stays missing until it is asked again. */
  keep(tell?: (count: KeptCount) => void): Promise<KeptCount>
  /** Forgets what only an older build needed. */
  drop(): Promise<void>
  knows(path: string): boolean
  match(path: string): Promise<Response | undefined>
}

export function keepingOf(paths: readonly string[], open: () => Promise<Cache>, get: (path: string) => Promise<Response>): Keeping {
  const wanted = new Set(paths)
  let running: Promise<KeptCount> | null = null

  async function have(): Promise<Set<string>> {
    return new Set((await (await open()).keys()).map(({ url }) => new URL(url).pathname))
  }

  async function count(): Promise<KeptCount> {
    const there = await have()
    return { have: paths.filter((path) => there.has(path)).length, all: paths.length }
  }

  async function fetchMissing(tell: (count: KeptCount) => void): Promise<KeptCount> {
    const cache = await open()
    const there = await have()
    const left = paths.filter((path) => !there.has(path))
    let kept = paths.length - left.length
    const take = async (): Promise<void> => {
      for (let path = left.shift(); path !== undefined; path = left.shift()) {
        const response = await get(path)
        // A Wi-Fi that asks for a login answers everything with a page of its own.
        if (!response.ok || response.redirected || isPage(response)) throw new Error(`${path} was answered with ${response.status}`)
        await cache.put(path, response)
        tell({ have: ++kept, all: paths.length })
      }
    }
    await Promise.allSettled(Array.from({ length: AT_ONCE }, take))
    // The cache is asked once more: only what lies there is kept.
    return await count()
  }

  return {
    keep: (tell = () => undefined) => (running ??= fetchMissing(tell).finally(() => (running = null))),
    async drop() {
      const cache = await open()
      await Promise.all((await cache.keys()).map(async (request) => wanted.has(new URL(request.url).pathname) || await cache.delete(request)))
    },
    knows: (path) => wanted.has(path),
    match: async (path) => await (await open()).match(path),
  }
}

const isPage = (response: Response): boolean => (response.headers.get('Content-Type') ?? '').startsWith('text/html')
