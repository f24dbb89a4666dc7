/** Who uses this phone, and which account is open? Unlocking gives a Store, locking takes it and its key away. */
import { shallowRef, type ShallowRef } from 'vue'
import { createKeys, isEnrolled, replaceDevice, resetPin, unlock, type Device, type Opened } from './keys'
import { locksHere, type Locks } from './locks'
import { forgetPhone, rememberPhone } from './marker'
import { PhoneProblem } from './problem'
import { rechain } from './rechain'
import { recallClockOffset } from './settings'
import { askToPersist } from './storage'
import { storeOf, type Store } from './store'
import { AccountTables, PhoneTables, type RosterRow } from './tables'

export type Person = Omit<RosterRow, 'opened_at'>

export interface Phone {
  /** The open account; null while locked. */
  store: Readonly<ShallowRef<Store | null>>
  locks: Locks
  /** The browser threw away what was kept here, while it was open: nothing more can be written until the phone is enrolled again. */
  swept: Readonly<ShallowRef<boolean>>
  /** Accounts of this phone, last used first. */
  roster(): Promise<RosterRow[]>
  isEnrolled(accountId: string): Promise<boolean>
  deviceIdOf(accountId: string): Promise<string | null>
  unlock(accountId: string, pin: string): Promise<Store>
  enrol(person: Person, pin: string, device: Device, recoverySecret: string): Promise<Store>
  resetPin(person: Person, recoverySecret: string, pin: string): Promise<Store>
  /** A new device key after cloning or revocation; unsent work is chained anew. */
  replaceDevice(pin: string, device: Device, recoverySecret: string): Promise<Store>
  lock(): void
  /** Takes an account and all it kept off this phone; who calls it has seen that nothing waits. */
  forget(accountId: string): Promise<void>
}

/** A database that cannot even be opened: nothing of this name is left in the browser. */
const isGone = async (name: string): Promise<boolean> => (await indexedDB.databases()).every((one) => one.name !== name)

export function createPhone(locks: Locks = locksHere()): Phone {
  const shared = new PhoneTables()
  // The first screen asks who has opened this phone: the browser opens the database while the application is still being read.
  void shared.open().catch(() => undefined)
  const store = shallowRef<Store | null>(null)
  const swept = shallowRef(false)

  async function withTables<T>(accountId: string, act: (db: AccountTables) => Promise<T>): Promise<T> {
    if (store.value?.account.id === accountId) return await act(store.value.db)
    const db = new AccountTables(accountId)
    try {
      return await act(db)
    } finally {
      db.close()
    }
  }

  async function open(person: Person, opening: (db: AccountTables) => Promise<Opened>): Promise<Store> {
    const db = new AccountTables(person.id)
    try {
      const opened = await opening(db)
      const { id, name, place, inspector } = person
      const row: RosterRow = { id, name, place, inspector, opened_at: Date.now() }
      await shared.roster.put(row)
      const next = storeOf(row, db, opened, locks)
      await recallClockOffset(next)
      lock()
      rememberPhone(row.id, opened.device.id)
      watchSwept(next)
      swept.value = false
      store.value = next
      void askToPersist().catch(() => false)
      return next
    } catch (error) {
      db.close()
      throw error
    }
  }

  /** An emptied database must never be written into as if it were ours: its log would begin anew under the same device. */
  function watchSwept(opened: Store): void {
    const { db } = opened
    const tell = (): void => { if (store.value?.db === db) swept.value = true }
    db.on('versionchange', ({ newVersion }) => { if (newVersion === null) tell() })
    db.on('populate', () => {
      tell()
      throw new PhoneProblem('phone.swept', '浏览器清空了这部手机的存储，这一步没有存上。请先抄下本页的内容，再联网登录。')
    })
    // The browser closed the connection by itself: either it comes back with what was there, or it is empty.
    opened.broken = () => void db.keys.get('device').then((row) => row !== undefined, async () => !(await isGone(db.name))).then((there) => { if (!there) tell() })
    db.on('close', () => void setTimeout(opened.broken!))
  }

  function lock(): void {
    const before = store.value
    store.value = null
    before?.changes.close()
    before?.db.close()
  }

  return {
    store,
    locks,
    swept,
    lock,
    async forget(id) {
      if (store.value?.account.id === id) lock()
      const db = new AccountTables(id)
      await db.delete()
      await shared.roster.delete(id)
      forgetPhone(id)
    },
    roster: () => shared.roster.orderBy('opened_at').reverse().toArray(),
    isEnrolled: (id) => withTables(id, isEnrolled),
    deviceIdOf: (id) => withTables(id, async (db) => {
      const row = await db.keys.get('device')
      return row?.name === 'device' ? row.id : null
    }),
    async unlock(id, pin) {
      const person = await shared.roster.get(id)
      if (!person) throw new Error('an account that never was on this phone')
      const next = await open(person, (db) => unlock(db, pin))
      // The page may have died between the new device key and the chaining anew: without it that work would wait for ever.
      await rechain(next)
      return next
    },
    enrol: (person, pin, device, secret) => open(person, (db) => createKeys(db, pin, device, secret)),
    resetPin: (person, secret, pin) => open(person, (db) => resetPin(db, secret, pin)),
    async replaceDevice(pin, device, secret) {
      const person = store.value?.account
      if (!person) throw new Error('locked')
      const next = await open(person, async (db) => {
        await replaceDevice(db, pin, device, secret)
        return await unlock(db, pin)
      })
      await rechain(next)
      return next
    },
  }
}
