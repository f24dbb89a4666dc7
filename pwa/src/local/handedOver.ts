/** What another phone handed over: kept with the signature that proves it, and judged as the server will judge it. */
import { BadOperation, CONFIRM_KINDS, parseOperation, type Operation } from '../rules/operations'
import type { DeviceOf, VisitPackage } from '../rules/package'
import { verdictOn, type Verdict } from '../rules/verdict'
import { visitLog } from './log'
import { PhoneProblem } from './problem'
import { stateOf } from './record'
import { writerLock, type Store } from './store'
import type { CarriedRow, OperationRow } from './tables'
import { logged, rowOf, type LoggedOperation } from './writer'

/** A stretch of a log whose chain and signature were checked. */
export interface HandedLog { row: CarriedRow; operations: readonly { operation: Operation; hash: string }[] }
export interface Handed { fresh: number; known: number; held: number; refused: number }

/** After these the next verdict needs the state anew; most operations leave it as it was. */
const TURNING = new Set([...CONFIRM_KINDS, 'adopt', 'lead.take', 'settle', 'item.add', 'part.ready', 'part.reopen', 'submit'])

export async function keepHandedOver(store: Store, visit: VisitPackage, from: DeviceOf, { row, operations }: HandedLog): Promise<Handed> {
  const { db } = store
  const told = await store.locks.alone(writerLock(store.account.id), async () => {
    const there = await db.operations.where('[device+visit+seq]').between([row.device, row.visit, 0], [row.device, row.visit, Infinity]).toArray()
    const bySeq = new Map(there.map((one) => [one.seq, one]))
    if (operations.some(({ operation, hash }) => (bySeq.get(operation.seq)?.hash ?? hash) !== hash)) {
      throw new PhoneProblem('relay.forked', '这部手机的记录和之前收到的接不上，没有收。请让它自己联网上传。')
    }
    if (row.from > 1 && !bySeq.has(row.from - 1)) throw new PhoneProblem('relay.gap', '前面还缺一段，没有收。请对方从头出示。')
    const fresh = operations.filter(({ operation }) => !bySeq.has(operation.seq)).map(({ operation }) => operation)
    const judged = await judge(store, visit, from, fresh)
    await db.transaction('rw', [db.operations, db.carried], async () => {
      await db.operations.bulkAdd(judged)
      const older = await db.carried.where('[device+visit+to]').between([row.device, row.visit, 0], [row.device, row.visit, row.to], true, true).toArray()
      await db.carried.bulkDelete(older.filter((one) => one.from >= row.from).map((one) => [one.device, one.visit, one.to] as [string, string, number]))
      // Nothing new, and the server has it: there is nothing to carry.
      if (fresh.length || there.some((one) => one.seq <= row.to && one.position === null)) await db.carried.put(row)
    })
    const count = (verdict: string): number => judged.filter((one) => one.verdict === verdict).length
    return { fresh: fresh.length, known: operations.length - fresh.length, held: count('held'), refused: count('refused') }
  })
  store.changes.tell({ visit: row.visit, what: 'operations' })
  return told
}

/** As the server will: each in its turn, over the state before it. Only what does not count is marked, for the rest the server speaks. */
async function judge(store: Store, visit: VisitPackage, from: DeviceOf, fresh: readonly Operation[]): Promise<OperationRow[]> {
  const known: LoggedOperation[] = await visitLog(store, visit.id).read()
  const ids = new Map(known.map((one) => [one.operation.id, one.hash]))
  const rows: OperationRow[] = []
  let state = stateOf(known)
  for (const operation of fresh) {
    const { row } = await rowOf(store, operation, false)
    const said = ids.has(operation.id) && ids.get(operation.id) !== row.hash ? null : verdictOf(operation, { package: visit, state, heldParts: heldParts(known) }, from)
    const marked = { ...row, verdict: said && said.verdict !== 'applied' ? said.verdict : null, reason: said?.reason ?? null }
    rows.push(marked)
    known.push(logged(marked, operation))
    if (TURNING.has(operation.kind)) state = stateOf(known)
  }
  return rows
}

const heldParts = (known: readonly LoggedOperation[]): Record<string, string | null> =>
  Object.fromEntries(known.filter(({ verdict }) => verdict === 'held').map(({ operation }) => [operation.id, operation.part]))

function verdictOf(operation: Operation, context: Parameters<typeof verdictOn>[1], from: DeviceOf): Verdict {
  try {
    return verdictOn(parseOperation(operation), context, { owner: from.inspector })
  } catch (error) {
    return { verdict: 'refused', reason: error instanceof BadOperation && error.code === 'operation.bad_body' ? 'bad_body' : 'unreadable' }
  }
}
