/** What does a cell of the board say: who goes, and how far is the department? */
import type { components } from '../../../api/types'
import { visits_part_state } from '../../../terms/generated'

export type Board = components['schemas']['Board']
export type Visit = components['schemas']['PlannedVisit']
export type Part = Visit['parts'][number]

const DOT: Record<string, string> = { waiting: 'wait', overdue: 'late', agreed: '', attention: 'soon' }
/** Before the visit the claim speaks, afterwards the record. */
const BEFORE = new Set(['open', 'waiting', 'planned', 'dispatched', 'to_claim', 'claimed'])

export function dotOf(part: Part): string {
  return DOT[part.claim_state] ?? 'half'
}

export function wordOf(part: Part): string {
  const recorded = part.claimed_at && !BEFORE.has(part.state) ? visits_part_state[part.state] : undefined
  return recorded ?? (part.compared && part.compared !== 'agreed' ? (part.compared_label ?? part.claim_state_label) : part.claim_state_label)
}

export const FILTERS = [
  ['', '全部', 'all'], ['to_claim', '待认领', 'to_claim'], ['attention', '需处理', 'attention'], ['schedulable', '可排日程', 'schedulable'], ['scheduled', '已排日程', 'scheduled'],
] as const

export function fits(visit: Visit, filter: string): boolean {
  if (filter === 'to_claim') return visit.parts.some((part) => !part.claimed_at)
  if (filter === 'attention') return visit.parts.some((part) => part.claim_state === 'attention')
  if (filter === 'schedulable') return visit.schedulable
  if (filter === 'scheduled') return !!visit.scheduled_day
  return true
}
