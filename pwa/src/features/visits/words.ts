/** How is the state of a part said on a card? */
import type { PartProgress } from '../../rules/gaps'
import { visits_part_state } from '../../terms/generated'

export function partWords(part: PartProgress): string {
  if (part.state !== 'open') return visits_part_state[part.state] ?? part.state
  return part.answered === 0 ? `未开始|${part.entries} 条` : `已查|${part.answered}\u00a0/\u00a0${part.entries}\u00a0条`
}

export const agedWords = (at: number | null, now: number): string => (at === null ? '还没有连上过服务器' : `资料${spaced(ago(now - at))}更新，没有网络也能用`)

/** A number stands a little off the word before it. */
const spaced = (words: string): string => (/^\d/.test(words) ? ` ${words}` : words)

export function ago(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000)
  if (minutes < 2) return '刚刚'
  if (minutes < 60) return `${minutes} 分钟前`
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} 小时前` : `${Math.floor(minutes / 1440)} 天前`
}
