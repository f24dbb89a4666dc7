/** When does the phone talk to the server? By timer, when it becomes visible, when something was recorded; never because the browser claims to be online. */
import { shallowRef, type ShallowRef } from 'vue'
import type { Api } from '../api/client'
import { asProblem, type Problem } from '../api/problem'
import { readSetting, writeSetting } from '../local/settings'
import type { Store } from '../local/store'
import { tallyOf, type Tally } from '../local/tally'
import { backoff } from './backoff'
import type { FileProgress } from './photos'
import { round } from './round'
import type { Sent } from './send'

export interface SyncStatus {
  tally: Tally
  /** False until the disk was asked: before, nobody may say that nothing waits. */
  counted: boolean
  /** The file on its way. */
  file: FileProgress | null
  /** Files of the running round: how many went, of how many. */
  files: { sent: number; all: number } | null
  running: boolean
  /** When the server last answered, by the phone's clock. */
  lastContact: number | null
  /** Why the last contact failed; null when it did not. */
  problem: Problem | null
  /** Failed contacts in a row. */
  tries: number
  refused: Sent['refused']
  /** The log was continued elsewhere or the device revoked: the phone must be enrolled again. */
  deviceLost: boolean
}

export interface Sync {
  status: Readonly<ShallowRef<SyncStatus>>
  /** 现在传: tries at once, whatever the timer says. */
  now(): Promise<void>
  /** From now on ask for news often, until the returned function is called: somebody waits for others. */
  hurry(): () => void
  stop(): void
}

/** With nothing waiting, ask for news this often. */
const IDLE = 60_000
/** The same while a screen that waits for others is open. */
const HURRIED = 10_000
/** Checklists that may be added on the spot are fetched this long after the first contact. */
const AFTERWARDS = 10_000
/** A row of taps is sent together. */
const GATHER = 1_500
/** Counting waits until the hand has rested. */
const COUNT = 200
const LAST_CONTACT = 'last_contact'

const NOTHING: Tally = { operations: { here: 0, received: 0, safe: 0 }, files: { here: 0, received: 0, safe: 0, bytesHere: 0 }, oldest: null, longest: null }

export function startSync(api: Api, store: Store): Sync {
  const status = shallowRef<SyncStatus>({ tally: NOTHING, counted: false, file: null, files: null, running: false, lastContact: null, problem: null, tries: 0, refused: [], deviceLost: false })
  const say = (news: Partial<SyncStatus>): void => void (status.value = { ...status.value, ...news })
  let timer: ReturnType<typeof setTimeout> | undefined
  let counting: Promise<void> | null = null
  let stopped = false
  let running: Promise<void> | null = null
  let hurried = 0
  const idle = (): number => (hurried ? HURRIED : IDLE)

  /** Counts once more; many changes in a row are counted together. */
  function recount(): void {
    counting ??= new Promise<void>((resolve) => setTimeout(resolve, COUNT)).then(async () => {
      counting = null
      if (stopped) return
      const tally = await tallyOf(store, status.value.tally)
      const { files } = status.value
      say({ tally, counted: true, files: files && { ...files, all: Math.max(files.all, files.sent + tally.files.here) } })
    }).catch(() => undefined)
  }

  function plan(delay: number): void {
    clearTimeout(timer)
    if (!stopped) timer = setTimeout(() => void run(), delay)
  }

  function run(): Promise<void> {
    running ??= attempt().finally(() => (running = null))
    return running
  }

  async function attempt(): Promise<void> {
    if (stopped) return
    clearTimeout(timer)
    say({ running: true })
    try {
      // One tab sends; in the others the answer arrives through the database.
      const sent = await store.locks.ifFree(`onevisit-sync-${store.account.id}`, () => round(api, store, { file, contact, stopped: () => stopped }))
      if (sent) say({ problem: null, tries: 0, refused: sent.refused, deviceLost: sent.deviceLost })
      plan(sent?.listsOwed ? AFTERWARDS : idle())
    } catch (error) {
      const tries = status.value.tries + 1
      say({ problem: asProblem(error), tries })
      plan(backoff(tries))
    } finally {
      say({ running: false, file: null, files: null })
      recount()
    }
  }

  function file(progress: FileProgress | null): void {
    if (!progress) return say({ file: null, files: null })
    const files = status.value.files ?? { sent: 0, all: status.value.tally.files.here }
    const another = status.value.file !== null && status.value.file.hash !== progress.hash
    say({ file: progress, files: another ? { ...files, sent: files.sent + 1 } : files })
  }

  function contact(): void {
    say({ lastContact: store.now() })
    void writeSetting(store, LAST_CONTACT, store.now()).catch(() => undefined)
  }

  const onVisible = (): void => { if (document.visibilityState === 'visible') plan(0) }
  // Only a hint that trying is worth while; its absence means nothing.
  const onOnline = (): void => plan(500)
  const deaf = store.changes.listen((change) => {
    recount()
    // While the server cannot be reached, taps must not each cost a try: the timer is already set.
    if (change.what === 'operations' && !running && status.value.tries === 0) plan(GATHER)
  })
  if (typeof document !== 'undefined') {
    document.addEventListener('visibilitychange', onVisible)
    window.addEventListener('online', onOnline)
  }
  void readSetting<number>(store, LAST_CONTACT).then((lastContact) => { if (status.value.lastContact === null) say({ lastContact }) }).catch(() => undefined)
  recount()
  plan(0)

  return {
    status,
    now: async () => {
      await running
      await run()
    },
    hurry() {
      hurried += 1
      // After a failure the back-off holds: who hurries gets no more tries from a dead line.
      if (!running && status.value.tries === 0) plan(0)
      return () => void (hurried -= 1)
    },
    stop() {
      stopped = true
      clearTimeout(timer)
      deaf()
      if (typeof document !== 'undefined') {
        document.removeEventListener('visibilitychange', onVisible)
        window.removeEventListener('online', onOnline)
      }
    },
  }
}
