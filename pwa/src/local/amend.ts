/** How is a value changed in a part that may already be signed? Openly: as itself before, as an `amend` with a reason after (sync.md 6). */
import type { Bodies, Kind } from '../rules/bodies'
import { registerOf, valueOf, type Operation } from '../rules/operations'
import type { PartStateCode } from '../rules/state'
import type { Draft } from './writer'

export type Change = Omit<Draft, 'base'>

const SIGNED: readonly PartStateCode[] = ['locked', 'submitted', 'returned', 'accepted']

/** Whether the subject has confirmed the part, so that every change is an amendment. */
export const isSigned = (state: PartStateCode | undefined): boolean => state !== undefined && SIGNED.includes(state)

/** The change as it is written into a signed part. */
export function amendment(change: Change, by: string, reason: string): Change {
  const operation = { ...change, by } as unknown as Operation
  const register = registerOf(operation)
  if (register === null) throw new Error(`${change.kind} has no register; write it and take it in`)
  return { part: change.part, kind: 'amend', body: { register, value: valueOf(operation), reason, takes: [] } }
}

/** Takes what was just added (a photo, a measure) into a signed part. */
export const takeIn = (part: string, operations: readonly string[], reason: string): Change => ({
  part, kind: 'amend', body: { register: null, value: null, reason, takes: [...operations] },
})

export const change = <K extends Kind>(part: string, kind: K, body: Bodies[K]): Change => ({ part, kind, body })
