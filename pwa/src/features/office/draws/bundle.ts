/** Which file of a draw may this account have: the full one for the initiating department and supervision, else the public one. */
import type { Me } from '../useMe'
import type { Room } from './useRoom'

export function mayHaveFull(room: Room, me: Me): boolean {
  const own = room.kind === 'inspectors' && room.departments.length === 1 && me.department === room.departments[0]!.id
  return me.has('joint_office') || (me.has('desk', 'deputy_head') && (own || me.department === room.initiating_department.id))
}

export function bundlePath(room: Room, me: Me): string {
  return mayHaveFull(room, me) ? `/api/draws/${room.id}/bundle` : `/api/public/draws/${encodeURIComponent(room.no)}/bundle`
}
