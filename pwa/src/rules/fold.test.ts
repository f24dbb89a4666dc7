import { describe, expect, it } from 'vitest'
import { canonical } from './canonical'
import { cases } from './cases'
import { fold, type Held, type Refused } from './fold'
import { parseOperation } from './operations'

interface Row { name: string; operations: unknown[]; held: { operation: unknown; reason: string }[]; refused: Refused[]; expect: unknown }

const foldRow = (row: Row, operations = row.operations): string => {
  const held: Held[] = row.held.map(({ operation, reason }) => ({ operation: parseOperation(operation), reason }))
  return canonical(fold(operations.map(parseOperation), held, row.refused))
}

describe.each(['fold_registers', 'fold_sets', 'fold_locks', 'fold_review', 'fold_random'])('%s', (table) => {
  const rows = cases<Row[]>(table)
  it.each(rows)('$name', (row) => {
    expect(foldRow(row)).toBe(canonical(row.expect))
  })
  it.each(rows)('in any order, and twice: $name', (row) => {
    const backwards = [...row.operations].reverse()
    const half = Math.floor(backwards.length / 2)
    expect(foldRow(row, backwards)).toBe(canonical(row.expect))
    expect(foldRow(row, [...backwards.slice(half), ...row.operations, ...backwards.slice(0, half)])).toBe(canonical(row.expect))
  })
})
