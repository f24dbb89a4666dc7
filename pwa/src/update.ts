/** Is there a newer version, and may it come in now? Registers the service worker and asks before it changes anything. */
import { ref, type Ref } from 'vue'
import { whenIdle } from './local/open'
import type { Phone } from './local/phone'

export interface Update {
  /** A newer version waits. */
  ready: Readonly<Ref<boolean>>
  /** Why it could not come in just now; null otherwise. */
  why: Readonly<Ref<string | null>>
  accept(): Promise<void>
}

const EVERY = 60 * 60_000

export function watchUpdates(phone: Phone): Update {
  const ready = ref(false)
  const why = ref<string | null>(null)
  let waiting: ServiceWorker | null = null
  let accepted = false

  function offer(worker: ServiceWorker | null): void {
    // Without a controller this is the first installation, not an update.
    if (!worker || !navigator.serviceWorker.controller) return
    waiting = worker
    ready.value = true
  }

  async function register(): Promise<void> {
    const registration = await navigator.serviceWorker.register('/sw.js')
    offer(registration.waiting)
    registration.addEventListener('updatefound', () => {
      const worker = registration.installing
      worker?.addEventListener('statechange', () => { if (worker.state === 'installed') offer(worker) })
    })
    setInterval(() => void registration.update().catch(() => undefined), EVERY)
  }

  async function accept(): Promise<void> {
    const went = await whenIdle(phone.locks, phone.store.value?.account.id ?? null, async () => {
      accepted = true
      // Another tab may have let it in already: then a reload is all that is missing.
      if (waiting?.state === 'installed') waiting.postMessage({ type: 'SKIP_WAITING' })
      else location.reload()
    })
    why.value = went ? null : '正在上门或正在保存，离开这次上门后再更新。'
  }

  if (import.meta.env.PROD && 'serviceWorker' in navigator) {
    // Only the tab that accepted reloads; work in others is left alone.
    navigator.serviceWorker.addEventListener('controllerchange', () => { if (accepted) location.reload() })
    // Not before the first screen is usable: the precache must not compete with it.
    const start = (): void => void setTimeout(() => void register().catch(() => undefined), 1000)
    if (document.readyState === 'complete') start()
    else window.addEventListener('load', start, { once: true })
  }
  return { ready, why, accept }
}
