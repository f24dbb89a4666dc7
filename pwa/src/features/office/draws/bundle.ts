/** Which file of a draw may this account have: the full one for the initiating department and supervision, else the public one. */
import type { Me } from '../useMe'
import type { Room } from './useRoom'

export function mayHaveFull(room: Room, me: Me): boolean {
  return me.has('joint_office') || (me.has('desk', 'deputy_head') && me.department === room.initiating_department.id)
}

export function bundlePath(room: Room, me: Me): string {
  return mayHaveFull(room, me) ? `/api/draws/${room.id}/bundle` : `/api/public/draws/${encodeURIComponent(room.no)}/bundle`
}

/** A file of ours, handed to the browser as a download: links cannot carry the token. */
export function handOver(file: Blob, name: string): void {
  const address = URL.createObjectURL(file)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
