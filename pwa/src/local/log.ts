/** Which operations of a visit does this phone know? Read once, then only what is new. */
import type { Operation } from '../rules/operations'
import type { Store } from './store'
import type { OperationRow } from './tables'
import { logged, operationPlace, type LoggedOperation } from './writer'

export interface VisitLog {
  /** All known operations, oldest first by id; reads and decrypts only those not seen before. */
  read(): Promise<LoggedOperation[]>
  /** Takes in what was just written, without reading again. */
  add(written: readonly LoggedOperation[]): LoggedOperation[]
}

export function visitLog(store: Store, visit: string): VisitLog {
  const seen = new Map<string, LoggedOperation>()
  const all = (): LoggedOperation[] => [...seen.values()].sort((a, b) => (a.operation.id < b.operation.id ? -1 : 1))
  return {
    add(written) {
      for (const one of written) seen.set(placeOf(one.operation), one)
      return all()
    },
    async read() {
      // What is added while the disk is read may not be in its answer yet.
      const before = [...seen.keys()]
      const rows = await store.db.operations.where('visit').equals(visit).toArray()
      const present = new Set(rows.map(placeOf))
      for (const place of before) if (!present.has(place)) seen.delete(place)
      await Promise.all(rows.map(async (row) => seen.set(placeOf(row), await again(store, row, seen.get(placeOf(row))))))
      return all()
    },
  }
}

/** A fact chained anew stands in two logs, so its place names it here, not its id. */
const placeOf = ({ device, seq }: { device: string; seq: number }): string => `${device}/${seq}`

async function again(store: Store, row: OperationRow, before: LoggedOperation | undefined): Promise<LoggedOperation> {
  const known = before?.hash === row.hash ? before.operation : await openOperation(store, row)
  return logged(row, known)
}

export async function openOperation(store: Store, row: OperationRow): Promise<Operation> {
  return await store.vault.open<Operation>(row.sealed, operationPlace(row.device, row.visit, row.seq))
}
