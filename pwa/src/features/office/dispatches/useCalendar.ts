/** What stands on the calendar while somebody arranges it: kept days, drafts over them, what the program proposes and doubts. */
import { computed, ref, shallowRef, watch, type ComputedRef } from 'vue'
import { told } from '../../../api/client'
import { useApi } from '../../../api/useApi'
import type { components } from '../../../api/types'
import { useAct } from '../useAct'
import { useLoaded } from '../useLoaded'

type Schemas = components['schemas']
export type Calendar = Schemas['Calendar']
export type CalendarVisit = Calendar['visits'][number]
export type CalendarDay = Calendar['days'][number]
export interface Place { day: string; time: string | null }
export interface Placed { visit: CalendarVisit; at: Place; draft: boolean }

const ORDER: Record<string, string> = { 全天: '00:00', 上午: '08:59', 下午: '13:59' }
const rank = (time: string | null): string => ORDER[time ?? '全天'] ?? time!

/** So many starts, half of them (the larger half) in the morning: the same as dispatches/scheduling.py starts_of_day. */
export function startsOf(perDay: number): string[] {
  const early = Math.ceil(perDay / 2)
  const clock = (minute: number): string => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
  return [[540, early], [840, perDay - early]].flatMap(([begin, count]) => Array.from({ length: count! }, (_, at) => clock(begin! + at * Math.floor(180 / count!))))
}

export function useCalendar(task: string | null) {
  const api = useApi()
  const act = useAct()
  const query = task ? { task_id: task } : {}
  const loaded = useLoaded(async () => await told(api.http.GET('/api/dispatches/calendar', { params: { query } })))
  const drafts = ref(new Map<string, Place>())
  const doubts = shallowRef<Schemas['CalendarProposal']>({ placed: [], unplaced: [], warnings: [] })
  const perDay = ref(4)
  const announced = ref(true)

  const calendar = computed(() => loaded.value.value)
  const visits = computed(() => calendar.value?.visits ?? [])
  const placed: ComputedRef<Placed[]> = computed(() => visits.value.flatMap((visit) => {
    const draft = drafts.value.get(visit.id)
    const at = draft ?? (visit.day ? { day: visit.day, time: visit.time } : null)
    return at ? [{ visit, at, draft: !!draft }] : []
  }).toSorted((a, b) => rank(a.at.time).localeCompare(rank(b.at.time)) || a.visit.order - b.visit.order))
  const waiting = computed(() => visits.value.filter((visit) => !visit.day && !drafts.value.has(visit.id)))
  const lines = computed(() => [...drafts.value].map(([id, at]) => ({ visit_id: id, ...at })))
  const warned = computed(() => Map.groupBy(doubts.value.warnings, (one) => one.visit_id))
  const unplaced = computed(() => new Map(doubts.value.unplaced.map((one) => [one.visit_id, one.why_label])))

  async function ask(wanted: string[]): Promise<Schemas['CalendarProposal']> {
    return await told(api.http.POST('/api/dispatches/calendar/proposal', { body: { task_id: task, per_day: perDay.value, wanted, kept: lines.value.filter((one) => !wanted.includes(one.visit_id)) } }))
  }

  /** Days for everything that has none and could go; what was chosen by hand stays. */
  async function propose(): Promise<number> {
    let count = 0
    await act.run(async () => {
      doubts.value = await ask(waiting.value.filter((one) => one.movable && one.claimed).map((one) => one.id))
      const next = new Map(drafts.value)
      for (const { visit_id, day, time } of doubts.value.placed) next.set(visit_id, { day, time })
      count = doubts.value.placed.length
      drafts.value = next
    })
    return count
  }

  let timer = 0
  watch([drafts, perDay], () => {
    clearTimeout(timer)
    timer = window.setTimeout(() => void ask([]).then(({ warnings }) => { doubts.value = { ...doubts.value, warnings } }).catch(() => undefined), 350)
  })

  function put(id: string, at: Place | null): void {
    const visit = visits.value.find((one) => one.id === id)
    if (!visit?.movable) return
    const next = new Map(drafts.value)
    if (!at || (at.day === visit.day && at.time === visit.time)) next.delete(id)
    else next.set(id, at)
    drafts.value = next
  }

  async function accept(): Promise<number> {
    const given = lines.value.map((one) => {
      const visit = visits.value.find((row) => row.id === one.visit_id)!
      return { ...one, revision: visit.revision, announced: visit.day ? visit.announced : announced.value }
    })
    const done = await act.run(async () => await told(api.http.POST('/api/dispatches/calendar/acceptances', { body: { per_day: perDay.value, lines: given } })))
    if (!done) return 0
    drafts.value = new Map()
    await loaded.load()
    return given.length
  }

  async function undo(batch: string): Promise<boolean> {
    const done = await act.run(async () => await told(api.http.POST('/api/dispatches/calendar/acceptances/{batch_id}/undo', { params: { path: { batch_id: batch } } })))
    if (done) await loaded.load()
    return done
  }

  return { act, loaded, calendar, visits, placed, waiting, drafts, perDay, announced, warned, unplaced, propose, put, accept, undo }
}
