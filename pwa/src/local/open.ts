/** May the application be replaced by a newer one now? Not while a visit is open or something is being written, in any tab. */
import type { Locks } from './locks'
import { writerLock } from './store'

const VISIT_OPEN = 'onevisit-visit-open'

/** Held by the router while a screen of a visit is shown. */
export const holdVisit = (locks: Locks): (() => void) => locks.hold(VISIT_OPEN)

/** Runs `act` only when no tab holds a visit and the writer rests; false otherwise. */
export async function whenIdle(locks: Locks, accountId: string | null, act: () => Promise<void>): Promise<boolean> {
  const quiet = async (): Promise<true> => {
    await act()
    return true
  }
  const free = await locks.ifFree(VISIT_OPEN, async () => (accountId === null ? await quiet() : await locks.ifFree(writerLock(accountId), quiet)))
  return free === true
}
