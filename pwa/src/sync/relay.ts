/** How does one phone's record get into another without a server? Packed small, proved by its signatures, judged as the server will judge it (sync.md 6). */
import { carriedOf } from '../local/carried'
import { keepHandedOver, type HandedLog } from '../local/handedOver'
import { openAll } from '../local/outgoing'
import { PhoneProblem } from '../local/problem'
import { signText } from '../local/keys'
import type { Store } from '../local/store'
import { packageOf } from '../local/visits'
import { digest } from '../rules/canonical'
import { signedText, type Operation } from '../rules/operations'
import type { DeviceOf, VisitPackage } from '../rules/package'
import { deflated, inflated } from './deflate'
import { isSignedBy, vouchedFor } from './enrolment'
import { MOST_OPERATIONS } from './wire'

/** What is as in the operation before is not said again; device, visit, seq, prev and every hash the receiver computes himself. */
type PackedOperation = [id: string, kind: string, part: string | null | typeof SAME, body: unknown, base: Operation['base'] | 0, by: string, wall: string, offset: number | null | typeof SAME]
interface PackedLog { device: string; from: number; prev?: string; signature: string; operations: PackedOperation[]; enrolment?: DeviceOf }
interface Packed { relay: 1; visit: string; logs: PackedLog[] }

const SAME = '='

/** One log as it was taken in, or why not. */
export interface TakenLog { device: string; inspector: string; name: string; department: string; fresh: number; known: number; held: number; refused: number; problem: PhoneProblem | null }

/** This phone's whole log of the visit, and what it carries of others and the server has not confirmed. */
export async function packVisit(store: Store, visit: string): Promise<{ bytes: Uint8Array<ArrayBuffer>; operations: number }> {
  const known = (await packageOf(store, visit))?.devices ?? []
  const logs = [...(await ownLogs(store, visit)), ...(await carriedLogs(store, visit))].map((log) => certified(log, known))
  const operations = logs.reduce((sum, log) => sum + log.operations.length, 0)
  if (operations === 0) throw new PhoneProblem('relay.nothing', '这次上门在这部手机上还没有记录，没有可交的。')
  return { bytes: await deflated(JSON.stringify({ relay: 1, visit, logs } satisfies Packed)), operations }
}

async function ownLogs(store: Store, visit: string): Promise<PackedLog[]> {
  const { device, db } = store
  const rows = await db.operations.where('[device+visit+seq]').between([device.id, visit, 0], [device.id, visit, Infinity]).sortBy('seq')
  const logs: PackedLog[] = []
  for (let start = 0; start < rows.length; start += MOST_OPERATIONS) {
    const run = rows.slice(start, start + MOST_OPERATIONS)
    const [first, last] = [run[0]!, run.at(-1)!]
    const signature = await signText(device.pair, signedText(device.id, visit, first.seq, last.seq, last.hash))
    logs.push(packLog(device.id, signature, await openAll(store, run)))
  }
  return logs
}

const carriedLogs = async (store: Store, visit: string): Promise<PackedLog[]> =>
  (await carriedOf(store, visit)).map(({ row, operations }) => ({ ...packLog(row.device, row.signature, operations), ...(row.enrolment && { enrolment: row.enrolment }) }))

/** With the server's word for its phone: the other may not have heard of it yet. */
function certified(log: PackedLog, known: readonly DeviceOf[]): PackedLog {
  const enrolment = log.enrolment ?? known.find(({ id, certificate }) => id === log.device && certificate)
  return enrolment ? { ...log, enrolment } : log
}

function packLog(device: string, signature: string, operations: readonly Operation[]): PackedLog {
  const first = operations[0]!
  return {
    device, from: first.seq, ...(first.prev === null ? {} : { prev: first.prev }), signature,
    operations: operations.map(({ id, kind, part, body, base, by, at }, n) => {
      const before = operations[n - 1]
      return [id, kind, part === before?.part ? SAME : part, body, Object.keys(base).length ? base : 0, by, at.wall, before && at.offset_ms === before.at.offset_ms ? SAME : at.offset_ms]
    }),
  }
}

/** Reads what was handed over and keeps what proves itself; one bad log stops no other. */
export async function takeIn(store: Store, message: Uint8Array<ArrayBuffer>): Promise<{ visit: string; logs: TakenLog[] }> {
  const packed = await read(message)
  const visit = await packageOf(store, packed.visit)
  if (!visit) throw new PhoneProblem('relay.unknown_visit', '对方交来的是另一次上门，这部手机上没有。请先联网取一次任务，再收。')
  const logs: TakenLog[] = []
  for (const log of packed.logs) logs.push(await takeLog(store, visit, log))
  return { visit: packed.visit, logs }
}

async function takeLog(store: Store, visit: VisitPackage, log: PackedLog): Promise<TakenLog> {
  const listed = visit.devices?.find(({ id }) => id === log.device)
  const from = listed ?? await vouchedFor(visit, log.device, log.enrolment)
  const member = visit.parts.flatMap((part) => part.team.map((one) => ({ ...one, place: part.department.name }))).find(({ id }) => id === from?.inspector)
  const told: TakenLog = { device: log.device, inspector: from?.inspector ?? '', name: member?.name ?? '', department: member?.place ?? '', fresh: 0, known: 0, held: 0, refused: 0, problem: null }
  // My own log, carried back to me.
  if (log.device === store.device.id) return { ...told, known: log.operations.length }
  try {
    if (!from) throw new PhoneProblem('relay.unknown_device', '这部手机的登记信息还没有到本机，核对不了签名，没有收。请让它自己联网上传，或等本机联网一次后再收。')
    const handed = await proved(visit.id, log, from)
    if (!listed) handed.row.enrolment = from
    return { ...told, ...(await keepHandedOver(store, visit, from, handed)) }
  } catch (error) {
    return { ...told, problem: error instanceof PhoneProblem ? error : new PhoneProblem('relay.unreadable', '交来的内容读不懂，没有收。请对方再出示一次。') }
  }
}

/** The log with everything computed that the wire left out; throws unless its phone signed exactly this. */
async function proved(visit: string, log: PackedLog, from: DeviceOf): Promise<HandedLog> {
  const operations: { operation: Operation; hash: string }[] = []
  let [seq, prev] = [log.from, log.prev ?? null]
  let [part, offset]: [string | null, number | null] = [null, null]
  for (const [id, kind, of, body, base, by, wall, ms] of log.operations) {
    part = of === SAME ? part : of
    offset = ms === SAME ? offset : ms
    const operation = { id, device: log.device, visit, seq, prev, part, kind, body, base: base || {}, by, at: { wall, offset_ms: offset } } as unknown as Operation
    const hash = await digest(operation)
    operations.push({ operation, hash })
    ;[seq, prev] = [seq + 1, hash]
  }
  const last = operations.at(-1)
  if (!last || operations.length > MOST_OPERATIONS || !(await isSignedBy(from, signedText(log.device, visit, log.from, last.operation.seq, last.hash), log.signature))) {
    throw new PhoneProblem('relay.bad_signature', '签名核对不上，没有收。请对方再出示一次；仍不行，让它自己联网上传。')
  }
  return { row: { device: log.device, visit, from: log.from, to: last.operation.seq, hash: last.hash, signature: log.signature }, operations }
}

async function read(message: Uint8Array<ArrayBuffer>): Promise<Packed> {
  const text = await inflated(message)
  try {
    const packed = JSON.parse(text) as Packed
    if (packed.relay !== 1 || typeof packed.visit !== 'string' || !packed.logs.every((log) => Array.isArray(log.operations) && log.operations.every(Array.isArray))) throw new Error('not ours')
    return packed
  } catch {
    throw new PhoneProblem('relay.unreadable', '交来的内容读不懂，没有收。请对方更新应用后再出示一次。')
  }
}
