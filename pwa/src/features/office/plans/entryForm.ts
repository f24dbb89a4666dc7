/** How does a row of the plan become a form, and what of the form differs from the row? */
import type { components } from '../../../api/types'
import type { Entry } from './rows'

export type Change = components['schemas']['PlanEntryChange']
export interface ItemLine { id?: string; text: string; department: string; item?: string | null }
export interface EntryForm {
  kind: string
  name: string
  field: string
  lead: string
  partners: string[]
  items: ItemLine[]
  scope: string
  percent: number | null
  percentMax: number | null
  bound: string
  size: number | null
  times: number
  per: string
  ratioPer: string
  start: string
  end: string
  methods: string[]
  origin: string
  mode: string
  reason: string
  report: string
}

export function formOf(entry: Entry | null, lead: string | null = null): EntryForm {
  return {
    kind: entry?.kind ?? 'joint', name: entry?.name ?? '', field: entry?.field ?? '', lead: entry?.initiating_department?.id ?? lead ?? '',
    partners: entry?.cooperating_departments.map((one) => one.id) ?? [],
    items: entry?.items.map((one) => ({ id: one.id, text: one.text, department: one.department?.id ?? '' })) ?? [{ text: '', department: lead ?? '' }],
    scope: entry?.scope_text ?? '', percent: entry?.ratio ? Number(entry.ratio.percent) : null, percentMax: entry?.ratio?.percent_max ? Number(entry.ratio.percent_max) : null,
    bound: entry?.ratio?.bound ?? 'exact', size: entry?.sample_size ?? null, times: entry?.frequency?.times ?? 1, per: entry?.frequency?.per ?? 'year',
    ratioPer: entry?.frequency?.ratio_per ?? '', start: entry?.window_start ?? '', end: entry?.window_end ?? '', methods: [...(entry?.methods ?? ['on_site'])],
    origin: entry?.origin ?? 'annual_plan', mode: entry?.draw_mode ?? '', reason: '', report: '',
  }
}

/** More than one carrying-out: then somebody must say what the ratio counts for. */
export function several(form: EntryForm): boolean {
  if (form.times > 1) return true
  const months: Record<string, number> = { month: 1, quarter: 3, half_year: 6 }
  const span = months[form.per]
  if (!span || !form.start || !form.end) return false
  const at = (day: string): number => Math.floor((Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1) / span)
  return at(form.end) > at(form.start)
}

/** Why it cannot be saved yet; empty when it can. */
export function lacking(form: EntryForm, reasonNeeded: boolean): string {
  if (!form.name.trim()) return '请填写计划名称。'
  if (form.start && form.end && form.end < form.start) return '结束早于开始，请核对。'
  if (form.bound === 'range' && form.percent && (!form.percentMax || form.percentMax <= form.percent)) return '区间的上限要大于下限。'
  if (several(form) && !form.ratioPer) return '全年做几次，请选定比例按每次计还是按全年计。'
  return reasonNeeded && !form.reason.trim() ? '计划已公布，请写明理由。' : ''
}

function facts(form: EntryForm): Change {
  const frequency = { times: form.times, per: form.per, ...(several(form) && form.ratioPer ? { ratio_per: form.ratioPer } : {}) }
  const items = form.items.filter((one) => one.text.trim())
  return {
    kind: form.kind, name: form.name.trim(), field: form.field.trim() || null, initiating_department_id: form.lead || null,
    cooperating_department_ids: form.kind === 'own' ? [] : form.partners.filter((one) => one !== form.lead),
    ...(items.length ? { item_list: items.map((one) => ({ ...(one.id ? { id: one.id } : {}), text: one.text.trim(), department_id: one.department || null, item_id: one.item ?? null })) } : {}),
    ...(form.scope.trim() ? { scope_text: form.scope.trim() } : {}),
    ratio: form.percent && !form.size ? { percent: form.percent, bound: form.bound, ...(form.bound === 'range' ? { percent_max: form.percentMax } : {}) } : null,
    sample_size: form.size || null, frequency, window_start: form.start || null, window_end: form.end || null, methods: form.methods, origin: form.origin, draw_mode: form.mode || null,
  } as Change
}

/** Only what differs travels: the versions name what was changed. */
export function changeOf(form: EntryForm, entry: Entry): Change {
  const now = facts(form)
  const was = facts(formOf(entry))
  const told = Object.entries(now).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(was[key as keyof Change]))
  return Object.fromEntries(told) as Change
}

export function newOf(form: EntryForm): components['schemas']['NewEntry'] {
  return { ...facts(form), name: form.name.trim(), ...why(form) } as components['schemas']['NewEntry']
}

export function why(form: EntryForm): Pick<Change, 'reason' | 'report_no'> {
  return { ...(form.reason.trim() ? { reason: form.reason.trim() } : {}), ...(form.report.trim() ? { report_no: form.report.trim() } : {}) }
}
