/** Can the app be put on the home screen here, and what happens to what it keeps when it is not? */
import { shallowRef, type ShallowRef } from 'vue'

interface InstallEvent extends Event { prompt(): Promise<void>; userChoice: Promise<{ outcome: 'accepted' | 'dismissed' }> }

const offer = shallowRef<InstallEvent | null>(null)
export const installOffer: Readonly<ShallowRef<unknown>> = offer

/** The browser asks only once, and early. */
export function watchInstall(): void {
  window.addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault()
    offer.value = event as InstallEvent
  })
  window.addEventListener('appinstalled', () => (offer.value = null))
}

export async function install(): Promise<boolean> {
  const event = offer.value
  if (!event) return false
  offer.value = null
  await event.prompt()
  return (await event.userChoice).outcome === 'accepted'
}

export const isInstalled = (): boolean => matchMedia('(display-mode: standalone)').matches || (navigator as { standalone?: boolean }).standalone === true

/** Safari and everything else on iPhone and iPad. */
export const isApple = (agent = navigator.userAgent, touch = navigator.maxTouchPoints): boolean => /iPhone|iPad|iPod/.test(agent) || (/Macintosh/.test(agent) && touch > 1)
