import { describe, expect, it } from 'vitest'
import { cases } from './cases'
import { parseOperation } from './operations'
import type { VisitPackage } from './package'
import type { StateOf } from './state'
import { verdictOn } from './verdict'

interface Row { name: string; operation: unknown; owner: string | null; revoked: boolean; state: string; part_states: Record<string, string>; closed: boolean; held_parts: Record<string, string | null>; expect: { verdict: string; reason: string | null } }
const table = cases<{ package: VisitPackage; states: Record<string, StateOf>; cases: Row[] }>('verdict_visit')

describe('the verdict is the server\'s', () => {
  it.each(table.cases.map((row) => [row.name, row] as const))('%s', (_, row) => {
    const context = { package: table.package, state: table.states[row.state]!, partStates: row.part_states, closed: row.closed, heldParts: row.held_parts }
    expect(verdictOn(parseOperation(row.operation), context, { owner: row.owner, revoked: row.revoked })).toEqual(row.expect)
  })
})
