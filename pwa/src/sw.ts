/** What does the phone keep of the application itself? The field app, so that it opens without a network; never an answer of the API. */
import type { PrecacheEntry, SerwistGlobalConfig } from 'serwist'
import { Serwist } from 'serwist'

declare global {
  interface WorkerGlobalScope extends SerwistGlobalConfig {
    __SW_MANIFEST: (PrecacheEntry | string)[] | undefined
  }
}
declare const self: ServiceWorkerGlobalScope

const worker = new Serwist({
  precacheEntries: self.__SW_MANIFEST,
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

worker.addEventListeners()
