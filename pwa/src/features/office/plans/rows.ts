/** How does a row of the plan stand: what is lacking before it can be carried out? */
import type { components } from '../../../api/types'

export type Entry = components['schemas']['PlanEntry']
export type Plan = components['schemas']['Plan']
export type Task = components['schemas']['Task']
export type Version = components['schemas']['Version']
export type Report = components['schemas']['Report']

export interface Standing { dot: string; word: string; rank: 'asked' | 'scope' | 'ready' | 'task' | 'way' | 'gone' }

const ON_THE_WAY: Record<string, string> = { drafted: 'wait', submitted: 'half', returned: 'late' }

/** Somebody must act (amber) before waiting, waiting before under way. */
export function standingOf(entry: Entry, _published: boolean, tasks: readonly Task[]): Standing {
  const way = ON_THE_WAY[entry.state]
  if (way) return { dot: way, word: entry.entry_state_label, rank: 'way' }
  if (entry.state !== 'merged') return { dot: 'wait', word: entry.entry_state_label, rank: 'gone' }
  const newest = tasks.filter((task) => task.plan_entry_id === entry.id).sort((a, b) => b.period - a.period)[0]
  if (newest) return { dot: newest.state === 'done' ? '' : newest.state === 'open' ? 'wait' : 'half', word: newest.state_label, rank: 'task' }
  if (entry.problems.some((one) => one.asks)) return { dot: 'soon', word: '待核对', rank: 'asked' }
  if (!entry.scope_confirmed_at) return { dot: 'wait', word: '待确认范围', rank: 'scope' }
  if (entry.in_force && entry.ratio_per_open) return { dot: 'soon', word: '待定比例口径', rank: 'asked' }
  return { dot: 'wait', word: entry.in_force ? '可开任务' : '待公布', rank: 'ready' }
}

export const CHOICES = [
  { value: '', label: '全部' },
  { value: 'way', label: '报送中' },
  { value: 'asked', label: '待核对' },
  { value: 'scope', label: '待确认范围' },
  { value: 'ready', label: '可开任务' },
  { value: 'task', label: '已开任务' },
  { value: 'gone', label: '已撤销、删除' },
] as const

/** 4-11月 where whole months of one year are meant, else the days; as the annex prints it. */
export function windowWords(entry: Pick<Entry, 'window_start' | 'window_end' | 'window_raw'>): string {
  const { window_start: start, window_end: end } = entry
  if (!start || !end) return entry.window_raw ?? '未写'
  const [y, m, d] = start.split('-').map(Number) as [number, number, number]
  const [year, month, day] = end.split('-').map(Number) as [number, number, number]
  const whole = d === 1 && day === new Date(Date.UTC(year, month, 0)).getUTCDate() && y === year
  if (whole) return m === month ? `${m}月` : `${m}-${month}月`
  return `${m}月${d}日–${y === year ? '' : `${year}年`}${month}月${day}日`
}
