/** Which values does a register have, and is it in conflict? (sync.md 4) The twin of visits/registers.py. */

import { canonical } from './canonical'
import { registerOf, valueOf, type Operation } from './operations'
import type { Head, Register, Wall } from './state'

/** The order of ids, the same in every language (they are ASCII). */
export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
/** An object that has no members but its own, whatever an id is called. */
export const bare = <T>(): Record<string, T> => Object.create(null) as Record<string, T>
/** When its author's clock says it was; shown, never decisive. */
export const atOf = ({ at }: Operation): Wall => ({ wall: at.wall, offset_ms: at.offset_ms })
/** Which operations of that register the author had seen. */
export const ownBase = (operation: Operation, register: string): string[] | undefined =>
  Object.hasOwn(operation.base, register) ? operation.base[register] : undefined

/** Every register that these operations set, with its values and whether they are in conflict. */
export function registersOf(operations: Operation[]): Record<string, Register> {
  const byName = new Map<string, Operation[]>()
  for (const operation of operations) {
    const name = registerOf(operation)
    if (name === null) continue
    if (!byName.has(name)) byName.set(name, [])
    byName.get(name)!.push(operation)
  }
  const registers = bare<Register>()
  for (const name of [...byName.keys()].sort()) registers[name] = registerFrom(name, byName.get(name)!)
  return registers
}

/** A register's values: those that no other counted operation has seen and replaced (sync.md 4). */
function registerFrom(name: string, operations: Operation[]): Register {
  const heads = headsOf(name, operations)
  // Nearly every register has one value, and 300 of them are folded after each tap: nothing to compare, nothing to sort.
  if (heads.length === 1) return { values: [{ value: valueOf(heads[0]!), heads: [headOf(heads[0]!)] }], conflict: false }
  const values = new Map<string, Register['values'][number]>()
  for (const head of heads.sort((a, b) => compare(a.id, b.id))) {
    const value = valueOf(head)
    const key = canonical(value)
    if (!values.has(key)) values.set(key, { value, heads: [] })
    values.get(key)!.heads.push(headOf(head))
  }
  return { values: [...values.values()], conflict: values.size > 1 }
}

const headOf = (operation: Operation): Head => ({ id: operation.id, by: operation.by, at: atOf(operation) })

function headsOf(name: string, operations: Operation[]): Operation[] {
  if (operations.length === 1) return operations
  const there = new Set(operations.map(({ id }) => id))
  const seenBy = new Map(
    operations.map((op) => [op.id, new Set((ownBase(op, name) ?? []).filter((id) => there.has(id) && id !== op.id))]),
  )
  const reaches = (start: string, goal: string): boolean => {
    const reached = new Set<string>()
    const todo = [start]
    for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
      for (const seen of seenBy.get(at)!) {
        if (reached.has(seen)) continue
        reached.add(seen)
        todo.push(seen)
      }
    }
    return reached.has(goal)
  }
  // Nobody can honestly have seen what has seen him: two that name each other are forged, and neither may make
  // the other vanish (I6).
  return operations.filter(({ id }) => [...seenBy].every(([other, seen]) => !seen.has(id) || reaches(id, other)))
}

/** The value of a register without conflict. */
export const onlyValue = (register: Register | undefined): unknown =>
  register && !register.conflict ? register.values[0]!.value : null
