/** Who may do this now? One at a time across all tabs, by Web Locks; where a WebView lacks them, across this page. */

export interface Locks {
  /** Waits for its turn. */
  alone<T>(name: string, act: () => Promise<T>): Promise<T>
  /** Does nothing and gives null when somebody else is at it. */
  ifFree<T>(name: string, act: () => Promise<T>): Promise<T | null>
  /** Holds a shared lock until the returned function is called; many may hold it. */
  hold(name: string): () => void
}

export function webLocks(manager: LockManager): Locks {
  return {
    alone: async (name, act) => await manager.request(name, act),
    ifFree: async (name, act) => await manager.request(name, { ifAvailable: true }, async (lock) => (lock ? await act() : null)),
    hold(name) {
      let release = (): void => {}
      const held = new Promise<void>((resolve) => (release = resolve))
      void manager.request(name, { mode: 'shared' }, () => held)
      return release
    },
  }
}

/** The same promise inside one page only. */
export function pageLocks(): Locks {
  const last = new Map<string, Promise<unknown>>()
  const taken = new Map<string, number>()
  const count = (name: string, by: number): void => void taken.set(name, (taken.get(name) ?? 0) + by)
  const alone = async <T>(name: string, act: () => Promise<T>): Promise<T> => {
    count(name, 1)
    const before = last.get(name) ?? Promise.resolve()
    const mine = before.catch(() => undefined).then(act)
    last.set(name, mine)
    try {
      return await mine
    } finally {
      count(name, -1)
    }
  }
  return {
    alone,
    ifFree: async (name, act) => ((taken.get(name) ?? 0) > 0 ? null : await alone(name, act)),
    hold(name) {
      count(name, 1)
      let held = true
      return () => {
        if (held) count(name, -1)
        held = false
      }
    },
  }
}

export function locksHere(): Locks {
  return typeof navigator !== 'undefined' && 'locks' in navigator ? webLocks(navigator.locks) : pageLocks()
}
