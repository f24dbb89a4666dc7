/** Who leads a visit now? The twin of `leaders` in visits/rules.py. */

import type { VisitPackage } from './package'
import type { StateOf } from './state'

/** The planned leader, or who took the lead (several while that is in conflict). */
export function leaders(visit: VisitPackage, state: StateOf): string[] {
  const register = state.registers.lead
  if (!register) return [visit.leader]
  return register.values.map(({ value }) => (value as { inspector: string }).inspector).sort()
}
