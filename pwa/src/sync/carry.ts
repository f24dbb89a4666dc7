/** How is somebody's rescue file carried in? In pieces the line can bear; the server alone reads what is in them. */
import type { Api } from '../api/client'
import { Problem } from '../api/problem'

export interface Rescued {
  number: number
  type: 'bundle' | 'file' | 'end' | 'unknown'
  new?: number
  held?: number
  refused?: number
  known?: number
  state?: 'stored' | 'known' | 'part' | 'left'
  records?: number
  code?: string | null
  detail?: string | null
}
export interface Carried { records: number; bytes: number; size: number; taken: Rescued[] }

/** Below what a proxy lets through, above what costs a round trip per record. */
const PIECE = 6 * 1024 * 1024
const MOST_HEADER = 2048
const broken = (): Problem => new Problem('sync.rescue_broken', '救援文件不完整或被改动过。前面完整的部分已收下；请从原手机再存一份，原手机里的记录都在。', 'never', 422)

export async function carryIn(api: Api, file: Blob, hear: (now: Carried) => void = () => undefined): Promise<Carried> {
  const header = await headerOf(file)
  const now: Carried = { records: 0, bytes: header.size, size: file.size, taken: [] }
  while (now.bytes < file.size) {
    const { end, count } = await pieceFrom(file, now.bytes)
    const body = new Blob([header, file.slice(now.bytes, end)])
    const answer = await api.call(`/api/sync/rescue?first=${now.records}`, { method: 'POST', body, headers: { 'Content-Type': 'application/octet-stream' }, timeout: 180_000 })
    now.taken.push(...((await answer.json()) as { taken: Rescued[] }).taken)
    now.records += count
    now.bytes = end
    hear({ ...now })
  }
  return now
}

/** Whether all of it came, to its end, and nothing was left. */
export function isWhole({ taken }: Pick<Carried, 'taken'>): boolean {
  const last = taken.at(-1)
  return last?.type === 'end' && last.records === taken.length - 1 && !taken.some((one) => one.code || one.type === 'unknown')
}

async function headerOf(file: Blob): Promise<Blob> {
  const bytes = new Uint8Array(await file.slice(0, MOST_HEADER).arrayBuffer())
  const end = bytes.indexOf(10, bytes.indexOf(10) + 1)
  // The server says in words what it is instead.
  return file.slice(0, end < 0 ? bytes.length : end + 1)
}

/** Whole records, as many as fit; the lengths stand open, what is in them does not. */
async function pieceFrom(file: Blob, start: number): Promise<{ end: number; count: number }> {
  let end = start
  let count = 0
  while (end < file.size) {
    const length = await file.slice(end, end + 4).arrayBuffer()
    if (length.byteLength < 4) throw broken()
    const next = end + 4 + new DataView(length).getUint32(0)
    if (next > file.size) throw broken()
    if (count > 0 && next - start > PIECE) break
    end = next
    count += 1
  }
  return { end, count }
}
