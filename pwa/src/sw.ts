/** What does the phone keep of the application itself? The field app, so that it opens without a network; never an answer of the API. */
import type { PrecacheEntry, SerwistGlobalConfig } from 'serwist'
import { Serwist } from 'serwist'
import { FIELD_CACHE, KEEP, keepingOf, KEPT_SAYS, type KeptCount } from './local/keeping'

declare global {
  interface WorkerGlobalScope extends SerwistGlobalConfig {
    __SW_MANIFEST: PrecacheEntry[] | undefined
  }
}
declare const self: ServiceWorkerGlobalScope

/** How the build marks what is kept only once 我的任务 is usable (vite.config.ts). */
const LATER = 'later'
const entries = self.__SW_MANIFEST ?? []

const worker = new Serwist({
  precacheEntries: entries.filter(({ revision }) => revision !== LATER),
  precacheOptions: {
    cleanupOutdatedCaches: true,
    navigateFallback: '/',
    // What the server alone can answer; office and public pages need it anyway and get its newest shell.
    navigateFallbackDenylist: [/^\/api\//, /^\/(healthz|readyz|metrics)$/, /^\/(office|public)(\/|$)/],
  },
  // The user accepts an update (SKIP_WAITING); it never comes by itself.
  skipWaiting: false,
  // After the very first visit the app must open offline at once.
  clientsClaim: true,
  navigationPreload: false,
  disableDevLogs: true,
})

const keeping = keepingOf(
  entries.filter(({ revision }) => revision === LATER).map(({ url }) => `/${url}`),
  () => caches.open(FIELD_CACHE),
  (path) => fetch(path, { priority: 'low' }),
)

// An update is offered only when the phone has all of it: whoever accepts it may lose the network a moment later.
self.addEventListener('install', (event) => {
  if (!self.registration.active) return
  event.waitUntil(keeping.keep().then(({ have, all }) => { if (have < all) throw new Error(`kept ${have} of ${all} files`) }))
})
self.addEventListener('activate', (event) => event.waitUntil(keeping.drop()))

self.addEventListener('message', (event) => {
  if ((event.data as { type?: unknown } | null)?.type !== KEEP) return
  const say = async (count: KeptCount, ended: boolean): Promise<void> => {
    for (const page of await self.clients.matchAll({ type: 'window' })) page.postMessage({ type: KEPT_SAYS, ...count, ended })
  }
  event.waitUntil(keeping.keep((count) => void say(count, false)).then((count) => say(count, true)))
})

worker.registerCapture(
  ({ url, sameOrigin }) => sameOrigin && keeping.knows(url.pathname),
  async ({ request, url }) => await keeping.match(url.pathname) ?? await fetch(request),
)
// Who scanned a visit code once can check the next one without a network (features/public/visits/doorKept.ts).
const DOOR_CACHE = 'onevisit-door'
worker.registerCapture(
  ({ request, url, sameOrigin }) => sameOrigin && request.mode === 'navigate' && url.pathname.startsWith('/public/visits/'),
  async ({ request }) => await fetch(request).catch(async () => await worker.matchPrecache('/') ?? Response.error()),
)
worker.registerCapture(
  ({ url, sameOrigin }) => sameOrigin && url.pathname.startsWith('/assets/'),
  async ({ request }) => await caches.match(request, { cacheName: DOOR_CACHE }) ?? await fetch(request),
)
worker.addEventListeners()
