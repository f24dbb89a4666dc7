/** What is the record of a visit, from the operations this phone knows? And what does a new one have to name as seen? */
import { fold } from '../rules/fold'
import { registerOf, type Operation } from '../rules/operations'
import type { Register, StateOf } from '../rules/state'
import type { Draft, LoggedOperation } from './writer'

/** Held and refused operations only keep their places; unsent ones count (sync.md 4). */
export function stateOf(logged: readonly LoggedOperation[]): StateOf {
  const counted = logged.filter(({ verdict }) => verdict !== 'held' && verdict !== 'refused').map(({ operation }) => operation)
  const held = logged.filter(({ verdict }) => verdict === 'held').map(({ operation, reason }) => ({ operation, reason: reason ?? '' }))
  const refused = logged.filter(({ verdict }) => verdict === 'refused').map(({ operation: { device, seq } }) => ({ device, seq }))
  return fold(counted, held, refused)
}

/** The register's values as they stand, wherever in the state it is kept. */
export function registerIn(state: StateOf, part: string | null, register: string): Register | null {
  return state.registers[register] ?? (part === null ? null : (state.parts[part]?.registers[register] ?? null))
}

/** `base`: the operations whose value the writer saw, so that a merge knows what was replaced and what was not. */
export function baseOf(state: StateOf, draft: Pick<Draft, 'part' | 'kind' | 'body'>, by: string): Operation['base'] {
  const register = registerOf({ ...draft, by } as unknown as Operation)
  if (register === null) return {}
  const seen = registerIn(state, draft.part, register)?.values.flatMap(({ heads }) => heads.map(({ id }) => id)) ?? []
  return seen.length ? { [register]: seen } : {}
}
