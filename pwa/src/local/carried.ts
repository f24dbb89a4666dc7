/** What does this phone carry of others' records until the server has it, and what will the server never take? */
import type { Operation } from '../rules/operations'
import { openAll } from './outgoing'
import type { Store } from './store'
import type { CarriedRow } from './tables'
import { packageOf } from './visits'

export interface Carried { row: CarriedRow; operations: Operation[] }

/** What is carried of one visit, or of all. */
export async function carriedOf(store: Store, visit: string | null = null): Promise<Carried[]> {
  const rows = visit === null ? await store.db.carried.toArray() : await store.db.carried.where('visit').equals(visit).toArray()
  return await Promise.all(rows.map(async (row) => {
    const run = await store.db.operations.where('[device+visit+seq]').between([row.device, row.visit, row.from], [row.device, row.visit, row.to], true, true).sortBy('seq')
    return { row, operations: await openAll(store, run) }
  }))
}

/** The server will never take it as it is: it stays, is shown with the reason, and is offered no more by itself. */
export async function refuseCarried(store: Store, { device, visit, to }: CarriedRow, refused: NonNullable<CarriedRow['refused']>): Promise<void> {
  await store.db.carried.update([device, visit, to], { refused })
  store.changes.tell({ visit, what: 'outbox' })
}

/** Somebody set right what was wrong: offered once more. */
export async function offerCarried(store: Store): Promise<void> {
  await store.db.carried.toCollection().modify((row) => { delete row.refused })
  store.changes.tell({ visit: null, what: 'outbox' })
}

/** What waits for a person, with whose it is. */
export interface RefusedLog { row: CarriedRow; subject: string; owner: string; code: string; detail: string | null }
export async function refusedLogs(store: Store): Promise<RefusedLog[]> {
  const rows = (await store.db.carried.toArray()).filter(({ refused }) => refused)
  return await Promise.all(rows.map(async (row) => {
    const visit = await packageOf(store, row.visit)
    const inspector = (row.enrolment ?? visit?.devices?.find(({ id }) => id === row.device))?.inspector
    const owner = visit?.parts.flatMap(({ team }) => team).find(({ id }) => id === inspector)?.name
    return { row, subject: visit?.subject.name ?? '已不在名单上的上门', owner: owner ?? '组员', ...row.refused! }
  }))
}

/** The server has it, or nobody wants it carried any more: nothing is owed to the phone it came from. */
export async function dropCarried(store: Store, { device, visit, to }: CarriedRow): Promise<void> {
  await store.db.carried.delete([device, visit, to])
  store.changes.tell({ visit, what: 'outbox' })
}
