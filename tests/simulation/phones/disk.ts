/** What can happen to a phone's storage? Killed between any two writes, full, evicted, cloned; IndexedDB in memory underneath. */
import FDBFactory from 'fake-indexeddb/lib/FDBFactory'
import FDBObjectStore from 'fake-indexeddb/lib/FDBObjectStore'
import FDBTransaction from 'fake-indexeddb/lib/FDBTransaction'

/* The in-memory IndexedDB has no types for its insides. */
/* eslint-disable @typescript-eslint/no-explicit-any */
type Any = any
export type Disk = InstanceType<typeof FDBFactory>

/** One running of the application on a phone, from its start to its end or death. */
export interface Life {
  dead: boolean
  /** Events (writes and commits) counted since the command began. */
  events: number
  /** Dies at this event; at a commit it dies just after it, so that the disk has what the page never heard of. */
  killAt: number
  /** The storage refuses from this event on, until the command ends. */
  fullAt: number
  /** What became true, for the table of faults. */
  happened: Set<string>
  died: () => void
}

export const newLife = (): Life => ({ dead: false, events: 0, killAt: 0, fullAt: 0, happened: new Set(), died: () => undefined })
export const newDisk = (): Disk => new FDBFactory()

let living: Life = newLife()
export const liveAs = (life: Life): void => void (living = life)

const full = (): never => {
  throw new DOMException('the storage is full', 'QuotaExceededError')
}

/** Ends a life at once: what was not committed is as if it had never been written. */
export function kill(life: Life, disk: Disk): void {
  if (life.dead) return
  life.dead = true
  for (const raw of (disk as Any)._databases.values()) {
    for (const transaction of [...raw.transactions]) if (transaction._state !== 'finished') transaction._abort('AbortError')
    for (const connection of [...raw.connections]) connection._closed = connection._closePending = true
    raw.transactions = []
    raw.connections = []
  }
  life.died()
}

export function installGate(diskOf: (life: Life) => Disk): void {
  const proto = FDBTransaction.prototype as Any
  const start = proto._start as (this: Any) => void
  for (const name of ['put', 'add', 'delete', 'clear']) {
    const write = (FDBObjectStore.prototype as Any)[name] as (...given: unknown[]) => Any
    ;(FDBObjectStore.prototype as Any)[name] = function (this: Any, ...given: unknown[]) {
      const request = write.apply(this, given)
      request.writes = true
      this.transaction.writes = true
      return request
    }
  }
  proto._start = function (this: Any): void {
    const life: Life = (this.db.life ??= living)
    if (life.dead) {
      if (this._state !== 'finished') this._abort('AbortError')
      return
    }
    const next = this._requests.find((one: Any) => one.request.readyState !== 'done')
    const commits = !next && this.writes && this._state !== 'finished'
    if (next?.request.writes || commits) {
      life.events += 1
      if (life.events === life.killAt && !commits) {
        life.happened.add('killed_between_writes')
        return kill(life, diskOf(life))
      }
      if (life.fullAt > 0 && life.events >= life.fullAt) {
        life.happened.add('quota')
        if (next) next.operation = full
        else return void this._abort('QuotaExceededError')
      }
      if (commits && life.events === life.killAt) {
        life.happened.add('killed_after_commit')
        this._state = 'finished'
        return kill(life, diskOf(life))
      }
    }
    start.call(this)
  }
}

/** The same bytes on another phone. */
export function cloned(from: Disk): Disk {
  const to = newDisk()
  for (const [name, raw] of (from as Any)._databases) {
    const copy = new raw.constructor(name, raw.version)
    for (const [place, store] of raw.rawObjectStores) {
      const other = new store.constructor(copy, place, store.keyPath, store.autoIncrement)
      other.records = again(store.records)
      if (store.keyGenerator) other.keyGenerator.num = store.keyGenerator.num
      for (const [column, index] of store.rawIndexes) {
        const made = new index.constructor(other, column, index.keyPath, index.multiEntry, index.unique)
        made.initialized = true
        made.records = again(index.records)
        other.rawIndexes.set(column, made)
      }
      copy.rawObjectStores.set(place, other)
    }
    ;(to as Any)._databases.set(name, copy)
  }
  return to
}

function again(records: Any): Any {
  const made = new records.constructor(records.keysAreUnique)
  for (const record of records.values()) made.put(record)
  return made
}
