/** Whose signatures does a confirmation still want, and who may ask the subject to confirm? Read by every phone of the team. */
import { partsToConfirm, partsToSupplement } from './manifest'
import type { PartOf, TeamMember, VisitPackage } from './package'
import type { ConfirmationOf, StateOf } from './state'
import { leaders } from './team'

export interface OwedSign { confirmation: string; digest: string; part: string; inspector: TeamMember }

/** Confirmations that count or may still come to count; the newest first. */
export const standing = (state: StateOf): ConfirmationOf[] =>
  state.confirmations.filter((one) => one.state !== 'replaced').reverse()

/** The inspectors of the confirmed departments who have not signed, in the order of the package. */
export function owedSigns(visit: VisitPackage, state: StateOf): OwedSign[] {
  return standing(state).flatMap((one) => partsOfConfirmation(visit, one).flatMap((part) =>
    part.team
      .filter((member) => !one.signs.some((sign) => sign.inspector === member.id))
      .map((inspector) => ({ confirmation: one.id, digest: one.digest, part: part.department.id, inspector }))))
}

/** Departments whose signatures are fewer than the profile demands (two of each, S0, S2). */
export function partsShortOfSigns(visit: VisitPackage, one: ConfirmationOf): PartOf[] {
  const least = visit.profile.inspectors_mark.min_per_department
  return partsOfConfirmation(visit, one).filter(({ team }) => {
    const signed = team.filter((member) => one.signs.some((sign) => sign.inspector === member.id))
    return signed.length < Math.min(least, team.length)
  })
}

export const partsOfConfirmation = (visit: VisitPackage, one: ConfirmationOf): PartOf[] =>
  visit.parts.filter((part) => one.parts.includes(part.department.id))

export type Confirming = 'confirm' | 'supplement'

/** What a confirmation made now would be of: ready parts first, then signed ones with changes; null when nothing is to be signed. */
export function confirming(visit: VisitPackage, state: StateOf): { kind: Confirming; parts: string[] } | null {
  const ready = partsToConfirm(visit, state)
  if (ready.length) return { kind: 'confirm', parts: ready }
  const again = partsToSupplement(visit, state)
  return again.length ? { kind: 'supplement', parts: again } : null
}

/** The leader confirms; a part that comes after the others were confirmed may be confirmed by its own part leader (sync.md 6). */
export function mayConfirm(visit: VisitPackage, state: StateOf, inspector: string | null, parts: readonly string[]): boolean {
  if (inspector === null || parts.length === 0) return false
  if (leaders(visit, state).includes(inspector)) return true
  return state.confirmations.length > 0 && parts.every((id) => visit.parts.find((part) => part.department.id === id)?.leader === inspector)
}

/** Any member of the initiating department's team may take the lead (sync.md 1). */
export const mayTakeLead = (visit: VisitPackage, state: StateOf, inspector: string | null): boolean =>
  inspector !== null && !leaders(visit, state).includes(inspector) &&
  visit.parts.some((part) => part.initiating && part.team.some((member) => member.id === inspector))
