/** Ways to a result without the checklist: what each asks for before it counts (S2 art. 21). */
import type { RecordOf } from '../../rules/state'

export interface ShortPath {
  key: string
  title: string
  /** What it needs, said before it is missed. */
  needs: string
  /** What the account is about. */
  ask: string
  /** The results to choose from; one where there is nothing to choose. */
  codes: readonly string[]
  /** What shows it, besides photos. */
  shows: 'photo' | 'sound' | 'paper'
}

export const SHORT_PATHS: readonly ShortPath[] = [
  { key: 'not_found', title: '无法联系', needs: '须拍门头 1 张，记下联系经过', ask: '怎样联系的', codes: ['not_found_at_address'], shows: 'photo' },
  { key: 'uncooperative', title: '不配合检查情节严重', needs: '须写经过，附照片或录音', ask: '经过', codes: ['seriously_uncooperative'], shows: 'sound' },
  { key: 'idle', title: '没有开展这项经营活动', needs: '须写情况，附照片或材料', ask: '现场是什么情况', codes: ['activity_not_found'], shows: 'paper' },
  { key: 'gone', title: '已注销、吊销、迁出等', needs: '须写怎样查明，附照片或材料', ask: '怎样查明的', codes: ['deregistered', 'revoked', 'annulled', 'moved_out', 'suspended', 'closed'], shows: 'paper' },
]

type Shelves = Pick<RecordOf, 'photos' | 'papers' | 'audio' | 'clips' | 'recordings'>

/** Whether the part has what shows it; a photo of the closed door counts for every item. */
export function isShown(path: ShortPath, record: Shelves | undefined): boolean {
  const whole = (things: readonly { item: string | null }[] | undefined): boolean => (things ?? []).some((thing) => thing.item === null)
  if (whole(record?.photos)) return true
  if (path.shows === 'sound') return whole(record?.audio) || whole(record?.clips) || whole(record?.recordings)
  return path.shows === 'paper' && whole(record?.papers)
}
