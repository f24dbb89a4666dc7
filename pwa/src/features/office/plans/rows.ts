/** How does a row of the plan stand: what is lacking before it can be carried out? */
import type { components } from '../../../api/types'

export type Entry = components['schemas']['PlanEntry']
export type Plan = components['schemas']['Plan']
export type Task = components['schemas']['Task']

export interface Standing { dot: string; word: string; rank: 'asked' | 'scope' | 'ready' | 'task' }

/** Somebody must act (amber) before waiting, waiting before under way. */
export function standingOf(entry: Entry, published: boolean, tasks: readonly Task[]): Standing {
  const newest = tasks.filter((task) => task.plan_entry_id === entry.id).sort((a, b) => b.period - a.period)[0]
  if (newest) return { dot: newest.state === 'done' ? '' : newest.state === 'open' ? 'wait' : 'half', word: newest.state_label, rank: 'task' }
  if (entry.problems.some((one) => one.asks)) return { dot: 'soon', word: '待核对', rank: 'asked' }
  if (!entry.scope_confirmed_at) return { dot: 'wait', word: '待确认范围', rank: 'scope' }
  return { dot: 'wait', word: published ? '可开任务' : '待公布', rank: 'ready' }
}

export const CHOICES = [
  { value: '', label: '全部' },
  { value: 'asked', label: '待核对' },
  { value: 'scope', label: '待确认范围' },
  { value: 'ready', label: '可开任务' },
  { value: 'task', label: '已开任务' },
] as const
