/** How far has a task come along its five steps? */
import type { components } from '../../../api/types'

export type Task = components['schemas']['TaskInFull']
export interface Stage { key: string; label: string; state: 'done' | 'now' | 'later'; text: string; to: string | null }

const ENDED = new Set(['accepted', 'published'])

/** Drawn here, checked in the regions below: what lies there is counted together. */
function stagesOver(task: Task): Stage[] {
  const told = task.below?.totals
  const drawn = task.draw?.state === 'drawn'
  const sent = task.state === 'dispatched' || task.state === 'done'
  return inOrder([
    ['scope', '范围', true, task.scope_text, `/office/plans/${task.plan.id}?entry=${task.plan_entry_id}`],
    ['draw', '抽取', drawn, task.draw ? `${task.draw.state_label}${drawn ? `，${task.draw.pool_count} 户抽 ${task.draw.drawn_count} 户` : ''}` : '还没有抽取', task.draw ? `/office/draws/${task.draw.id}` : null],
    ['dispatch', '派发', sent && told?.claimed === told?.parts, sent ? `${task.below?.regions.length ?? 0} 个地区 ${told?.visits ?? 0} 次上门，认领 ${told?.claimed ?? 0}/${told?.parts ?? 0}` : '抽取后派发到下级地区', null],
    ['visit', '检查', sent && !!told?.parts && told.formed === told.parts, sent ? `形成结果 ${told?.formed ?? 0}/${told?.parts ?? 0} 个部门部分` : '派发后由下级地区上门', null],
    ['publish', '公示', task.state === 'done', '由检查的地区公示', null],
  ])
}

type Row = [string, string, boolean, string, string | null]
function inOrder(rows: Row[]): Stage[] {
  const now = rows.findIndex(([, , done]) => !done)
  return rows.map(([key, label, done, text, to], at) => ({ key, label, text, to, state: done ? 'done' : at === now ? 'now' : 'later' }))
}

export function stagesOf(task: Task): Stage[] {
  const parts = Object.entries(task.visits.parts_by_state)
  const all = parts.reduce((sum, [, count]) => sum + count, 0)
  const accepted = parts.filter(([state]) => ENDED.has(state)).reduce((sum, [, count]) => sum + count, 0)
  const ended = task.visits.by_state['ended'] ?? 0
  const drawn = task.draw?.state === 'drawn'
  if (task.handing === 'down') return stagesOver(task)
  const sent = task.state === 'dispatched' || task.state === 'done'
  const rows: Row[] = [
    ['scope', '范围', true, task.scope_text, `/office/plans/${task.plan.id}?entry=${task.plan_entry_id}`],
    ['draw', '抽取', drawn, task.draw ? `${task.draw.state_label}${!drawn ? '' : task.draw.checkable ? `，${task.draw.pool_count} 户抽 ${task.draw.drawn_count} 户` : `，${task.draw.drawn_count} 户`}` : '还没有抽取', task.draw ? `/office/draws/${task.draw.id}` : null],
    ['dispatch', '派发', sent && !task.visits.parts_unclaimed, sent ? `${task.visits.total} 次上门${task.visits.parts_unclaimed ? `，待认领 ${task.visits.parts_unclaimed}` : '，已全部认领'}` : '抽取后派发', sent ? `/office/dispatches/${task.id}` : null],
    ['visit', '检查', all > 0 && accepted === all, sent ? `检查结束 ${ended}/${task.visits.total}，审核通过 ${accepted}/${all} 个部门部分` : '派发后上门', sent ? '/office/reviews' : null],
    ['publish', '公示', task.state === 'done', task.state === 'done' ? '已完成' : '审核通过后公示', accepted ? '/office/publications' : null],
  ]
  return inOrder(rows)
}
