/** How do the tabs of one browser share a session? By word of mouth: who has one answers who asks, and nothing is written down. */

/** One ask is answered within moments or by nobody: then there is no other tab, or none that has a better one. */
const PATIENCE = 300

export interface Sharing {
  /** Resolves when another tab gave its session (`hear` was called), or none did. */
  ask(): Promise<void>
}
export type Share<Session> = (have: () => Session | null, hear: (session: Session) => void) => Sharing

export function tabSharing<Session>(name: string): Share<Session> | undefined {
  if (typeof BroadcastChannel === 'undefined') return undefined
  return (have, hear) => {
    const channel = new BroadcastChannel(name)
    let answered: (() => void) | null = null
    channel.addEventListener('message', ({ data }: MessageEvent<{ session?: Session }>) => {
      const mine = data.session ? null : have()
      if (mine) channel.postMessage({ session: mine })
      if (!data.session) return
      hear(data.session)
      answered?.()
    })
    return {
      ask: () => new Promise((resolve) => {
        answered = resolve
        setTimeout(resolve, PATIENCE)
        channel.postMessage({})
      }),
    }
  }
}
