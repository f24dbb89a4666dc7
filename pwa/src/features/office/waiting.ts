/** What waits for whoever sits here, nearest deadline first? Each piece of work leads on to where it is done. */
import { inject, type InjectionKey } from 'vue'
import { told, type Api } from '../../api/client'
import type { components } from '../../api/types'
import { dispatches_dispatch_work } from '../../terms/generated'
import { standingOf, type Standing } from './plans/rows'
import type { Loaded } from './useLoaded'
import type { Me } from './useMe'
import { lawDay, momentWords } from './words'

type Schemas = components['schemas']
export type Step = 'libraries' | 'plans' | 'tasks' | 'draws' | 'dispatches' | 'reviews' | 'publications'

export interface Work {
  id: string
  step: Step
  /** What is to be done, in two or four signs. */
  what: string
  about: string
  /** Second line: task, department, state. */
  beside: string
  count: number
  due: { day: string; text: string; state: string; sentence: string | null; fromNotice: boolean } | null
  to: string
}

export const WAITING: InjectionKey<Loaded<Work[]>> = Symbol('waiting')

export function useWaiting(): Loaded<Work[]> {
  const waiting = inject(WAITING)
  if (!waiting) throw new Error('outside the office frame')
  return waiting
}

/** Everything at once; a step that this account may not ask about brings nothing. */
export async function askWaiting(api: Api, me: Me): Promise<Work[]> {
  if (!me.has('desk', 'deputy_head', 'principal_head', 'joint_office')) return await fromQueues(api, false)
  const { items: tasks } = await told(api.http.GET('/api/tasks', { params: { query: { limit: 250 } } }))
  const found = await Promise.all([fromPlans(api, me, tasks), fromTasks(tasks, me), fromDraws(api, me), fromDispatches(api), fromQueues(api, true), fromLibraries(api, me)])
  return found.flat().sort((a, b) => (a.due?.day ?? '9').localeCompare(b.due?.day ?? '9'))
}

/** What the initiating department does next with a row of the plan. */
const ROW_STEP: Partial<Record<Standing['rank'], string>> = { asked: '核对存疑', scope: '确认范围', ready: '开任务' }

const PLAN_WORK: Record<string, string> = {
  rows_returned: '修改退回', rows_to_submit: '报送计划', rows_missing: '报送计划', own_to_publish: '公布本部门抽查',
  rows_to_merge: '汇总计划', submissions_missing: '催报', publish_due: '公布计划', report_to_answer: '确认报备',
}

async function fromPlans(api: Api, me: Me, tasks: readonly Schemas['Task'][]): Promise<Work[]> {
  const [{ items: plans }, { items: waiting }] = await Promise.all([told(api.http.GET('/api/plans')), told(api.http.GET('/api/plans/waiting'))])
  const items = plans.filter((plan) => !plan.removed_at)
  const found: Work[] = waiting.map((one, at) => ({
    id: `${one.kind}-${one.plan_id}-${at}`, step: 'plans', what: PLAN_WORK[one.kind] ?? '计划', about: one.about, beside: one.beside, count: one.count,
    due: one.due ? { day: one.due.day, text: one.due.text, state: one.due.state, sentence: one.due.sentence, fromNotice: one.due.from_notice } : null,
    to: `/office/plans/${one.plan_id}${one.to}`,
  }))
  const current = items.find((plan) => plan.state === 'published') ?? items[0]
  if (!current || !me.has('desk', 'deputy_head')) return found
  const { entries } = await told(api.http.GET('/api/plans/{plan_id}', { params: { path: { plan_id: current.id } } }))
  const published = current.state === 'published'
  const today = lawDay(new Date().toISOString())
  for (const entry of entries.filter((one) => one.state === 'merged')) {
    const { rank } = standingOf(entry, published, tasks)
    const what = ROW_STEP[rank]
    const early = rank === 'ready' && (!published || (entry.window_start !== null && entry.window_start > today))
    if (!what || early || entry.initiating_department?.id !== me.department) continue
    found.push({ ...PLAIN, id: entry.id, step: 'plans', what, about: rank === 'scope' ? entry.scope_text : entry.name, beside: `计划序号 ${entry.seq ?? entry.order}　${entry.field ?? entry.name}`, due: ending(entry.due ?? entry.window_end, today), to: `/office/plans/${current.id}?entry=${entry.id}` })
  }
  return found
}

/** A row of the plan is due on a day; working days are counted once it is a task. */
function ending(day: string | null, today: string): Work['due'] {
  return day ? { day, text: '计划期限', state: day < today ? 'overdue' : 'open', sentence: null, fromNotice: true } : null
}

/** Parts to attest before a draw, certificates that run out, open visits to subjects that closed. */
async function fromLibraries(api: Api, me: Me): Promise<Work[]> {
  if (!me.department || !me.has('desk', 'deputy_head')) return []
  const waits = await told(api.http.GET('/api/libraries/waiting'))
  const found: Work[] = waits.attest.map((one) => ({
    ...PLAIN, id: `attest-${one.library}`, step: 'libraries', what: '确认名录', about: one.library_label, beside: one.at ? `上次确认后有 ${one.changes} 处变动，确认前不能抽取` : `${one.count_now} 条，还没有确认过，确认前不能抽取`, to: `/office/${one.library}`,
  }))
  if (waits.certificates_expired + waits.certificates_ending) found.push({ ...PLAIN, id: 'certificates', step: 'libraries', what: '换发执法证', about: '执法检查人员名录库', beside: [waits.certificates_expired ? `${waits.certificates_expired} 人已到期，不参加抽取` : '', waits.certificates_ending ? `${waits.certificates_ending} 人九十日内到期` : ''].filter(Boolean).join('，'), to: `/office/inspectors?department=${me.department}&ending=90` })
  const { waiting: corrections } = await told(api.http.GET('/api/subject-corrections', { params: { query: { limit: 1 } } }))
  if (corrections && me.has('desk')) found.push({ ...PLAIN, id: 'corrections', step: 'libraries', what: '确认更正', about: '现场核查、检查对象提出的名录更正', beside: `${corrections} 条待本部门确认`, count: corrections, to: '/office/libraries/corrections' })
  if (waits.staff_unsaid && me.has('desk')) found.push({ ...PLAIN, id: 'staff', step: 'libraries', what: '填报人数', about: '应入库的执法检查人员', beside: '填报后才能计算入库率', to: '/office/inspectors' })
  return [...found, ...waits.closed.map((one): Work => ({ ...PLAIN, id: `closed-${one.visit_id}`, step: 'libraries', what: '核实对象', about: one.subject, beside: `名录登记为${one.state_label}，检查 ${one.visit_no} 还没有办完`, to: `/office/dispatches/${one.task_id}?visit=${one.visit_id}` }))]
}

const PLAIN = { count: 1, due: null }

function fromTasks(tasks: Schemas['Task'][], me: Me): Work[] {
  const mine = tasks.filter((task) => (task.state === 'open' || task.state === 'drawn') && me.desks(task.initiating_department.id))
  return mine.map((task) => ({
    id: task.id, step: 'tasks', what: task.state === 'open' ? '抽取' : '派发', about: task.name, beside: `任务 ${task.no}　${task.state_label}`,
    count: 1, due: dueOf(nearest(task.deadlines)), to: `/office/tasks/${task.id}`,
  }))
}

function nearest(limits: Schemas['Deadline'][]): Schemas['Deadline'] | undefined {
  return limits.filter((limit) => limit.state !== 'done').sort((a, b) => a.day.localeCompare(b.day))[0]
}

function dueOf(limit: Schemas['Deadline'] | null | undefined): Work['due'] {
  return limit ? { day: limit.day, text: limit.text, state: limit.state, sentence: limit.sentence, fromNotice: limit.from_notice } : null
}

/** A draw waits for me where my department is a party that has not spoken yet. */
async function fromDraws(api: Api, me: Me): Promise<Work[]> {
  if (!me.has('desk', 'deputy_head')) return []
  const { items } = await told(api.http.GET('/api/draws', { params: { query: { limit: 50 } } }))
  const open = items.filter((draw) => draw.state === 'preparing' || draw.state === 'committed')
  const rooms = await Promise.all(open.map(async (draw) => await told(api.http.GET('/api/draws/{draw_id}', { params: { path: { draw_id: draw.id } } })).catch(() => null)))
  return rooms.flatMap((room) => {
    const own = room?.sources.find((source) => source.department?.id === me.department)
    const waits = own && (room!.state === 'preparing' ? own.state === 'waiting' : own.state === 'committed')
    if (!room || !waits) return []
    return [{ ...PLAIN, id: room.id, step: 'draws' as const, what: room.state === 'preparing' ? '交承诺' : '揭示', about: room.task.name, beside: `抽取 ${room.no}　${room.state_label}`, due: closing(room.state === 'committed' ? room.closes_at : null), to: `/office/draws/${room.id}` }]
  })
}

/** A reveal that comes late voids the draw: its end counts in hours. */
function closing(at: string | null): Work['due'] {
  return at ? { day: lawDay(at), text: `${momentWords(at)} 前`, state: Date.parse(at) < Date.now() ? 'overdue' : 'soon', sentence: '缺任何一方的揭示，本次抽取作废', fromNotice: false } : null
}

const WAY: Record<string, (one: Schemas['DispatchWork']) => string> = {
  claim: (one) => `/office/dispatches/${one.task_id}?filter=to_claim`, schedule: (one) => `/office/dispatches/${one.task_id}/calendar`,
  merge: (one) => `/office/dispatches/${one.task_id}?visit=${one.visit_id}`, other_time: (one) => `/office/dispatches/${one.task_id}?visit=${one.visit_id}`, scheme_answer: (one) => `/office/tasks/${one.task_id}/scheme`, scheme_objection: (one) => `/office/tasks/${one.task_id}/scheme`,
}
const BESIDE: Record<string, (count: number) => string> = {
  claim: (count) => `${count} 户待本部门认领`, schedule: (count) => `${count} 户各部门已确认，可以上门`, merge: (count) => `${count} 户同时被另一任务抽中，建议合并上门`,
  other_time: () => '检查对象请求改期，上门前答复', scheme_answer: () => '发起部门征求抽查方案意见', scheme_objection: (count) => `${count} 个部门对抽查方案有异议`,
}

/** Claims, calendars, proposals to go once and schemes, of all tasks in one answer. */
async function fromDispatches(api: Api): Promise<Work[]> {
  const { items } = await told(api.http.GET('/api/dispatches/waiting'))
  return items.map((one) => ({
    id: `${one.kind}-${one.visit_id ?? one.task_id}`, step: 'dispatches', what: dispatches_dispatch_work[one.kind] ?? '派发', about: one.task_name, beside: `任务 ${one.task_no}　${BESIDE[one.kind]?.(one.count) ?? ''}`, count: one.count,
    due: one.due ? { day: one.due, text: one.due_text ?? '', state: one.due_state ?? 'open', sentence: one.sentence, fromNotice: one.from_notice } : null, to: WAY[one.kind]?.(one) ?? `/office/dispatches/${one.task_id}`,
  }))
}

interface QueueRow { id: string; visit_id: string; visit_no?: string; subject: string; task?: string; due: string | null; due_text: string | null; mine?: boolean; department: { name: string } }

/** Reviews and publications: their own pages do the work, here stands only what is due. */
async function fromQueues(api: Api, office: boolean): Promise<Work[]> {
  const queues: [Step, string, string][] = [['reviews', '审核', '/api/reviews?state=submitted']]
  if (office) queues.push(['publications', '公示', '/api/publications?state=waiting'])
  const answers = await Promise.all(queues.map(async ([step, what, path]) => {
    const rows = await api.call(path).then(async (answer) => ((await answer.json()) as { items: QueueRow[] }).items, () => [])
    return rows.filter((row) => row.mine !== false).map((row): Work => ({
      ...PLAIN, id: row.id, step, what, about: row.subject, beside: [row.department.name, row.task ?? ''].filter(Boolean).join('　'),
      due: row.due ? { day: row.due, text: row.due_text ?? '', state: toneOf(row.due_text ?? ''), sentence: null, fromNotice: true } : null,
      to: step === 'reviews' ? `/office/reviews/${row.visit_id}` : '/office/publications',
    }))
  }))
  return answers.flat()
}

const toneOf = (text: string): string => (/超|逾期/.test(text) ? 'overdue' : /今天|还剩 [0-2] /.test(text) ? 'soon' : 'open')
