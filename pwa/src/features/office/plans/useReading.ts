/** Keeps one table that is being taken in: polls while it is read, sends answers, pages through its rows, walks its doubts. */
import { computed, onBeforeUnmount, ref, shallowRef } from 'vue'
import { told } from '../../../api/client'
import { useApi } from '../../../api/useApi'
import { useAct } from '../useAct'
import { useLoaded } from '../useLoaded'
import { factAt, questionsOf, type Answer, type Reading, type Rows } from './reading'

const LONG = 120_000
const ASK_AGAIN = 700

export function useReading(id: string) {
  const api = useApi()
  const act = useAct()
  const path = { params: { path: { reading_id: id } } }
  const page = shallowRef<Rows | null>(null)
  const task = ref(0)
  const fact = ref('')
  const chosen = ref('')
  let timer: ReturnType<typeof setTimeout> | undefined

  const loaded = useLoaded(async () => {
    const found = await told(api.http.GET('/api/plan-readings/{reading_id}', path))
    if (found.state === 'waiting') timer = setTimeout(() => void loaded.load(), ASK_AGAIN)
    else if (found.state === 'open' && !page.value) await begin(found)
    return found
  })
  onBeforeUnmount(() => clearTimeout(timer))

  const reading = computed(() => loaded.value.value)
  const questions = computed(() => (reading.value ? questionsOf(reading.value) : []))
  const open = computed(() => questions.value.filter((one) => !one.doubt.settled))
  const question = computed(() => questions.value.find((one) => one.doubt.id === chosen.value) ?? null)

  /** Where work was left: the first open doubt. */
  async function begin(found: Reading): Promise<void> {
    await turn(0, 0)
    const first = questionsOf(found).find((one) => !one.doubt.settled)
    if (first) focus(first.doubt.id, found)
  }

  async function turn(sheet: number, number: number): Promise<void> {
    page.value = await told(api.http.GET('/api/plan-readings/{reading_id}/rows', { params: { path: { reading_id: id }, query: { sheet, page: number } } }))
  }

  /** Bring the page with this cell into view. */
  async function show(sheetName: string, row: number): Promise<void> {
    const found = reading.value
    if (!found) return
    const sheet = Math.max(0, found.sheets.findIndex((one) => one.name === sheetName))
    const number = Math.floor((row - 1) / found.page_rows)
    if (page.value?.sheet !== sheet || page.value.page !== number) await turn(sheet, number)
  }

  function focus(doubtId: string, from: Reading | null = reading.value): void {
    const doubt = from?.doubts.find((one) => one.id === doubtId)
    if (!doubt) return
    chosen.value = doubtId
    if (doubt.task !== null) task.value = doubt.task
    fact.value = doubt.fact
    const cell = doubt.cells[0] ?? (doubt.task === null ? undefined : Object.values(from!.tasks[doubt.task]!.facts).flatMap((one) => one.cells)[0])
    if (cell) void show(cell.sheet, cell.row)
  }

  /** The next or previous doubt that is still open, round and round. */
  function step(by: 1 | -1): void {
    const all = questions.value
    if (!open.value.length) return
    const from = all.findIndex((one) => one.doubt.id === chosen.value)
    for (let far = 1; far <= all.length; far++) {
      const next = all[(from + by * far + all.length * 2) % all.length]!
      if (!next.doubt.settled) return focus(next.doubt.id)
    }
  }

  function choose(at: number, name = ''): void {
    task.value = at
    fact.value = name
    chosen.value = questions.value.find((one) => one.doubt.task === at && (!name || one.doubt.fact === name))?.doubt.id ?? ''
    const held = reading.value?.tasks[at]
    const cell = held?.facts[name]?.cells[0] ?? Object.values(held?.facts ?? {}).flatMap((one) => one.cells)[0]
    if (cell) void show(cell.sheet, cell.row)
  }

  /** A click on a cell shows its fact. */
  function cell(at: { sheet: string; row: number; column: number }, row: number | undefined): void {
    const found = reading.value && factAt(reading.value, at)
    const doubt = questions.value.find((one) => one.doubt.cells.some((held) => held.sheet === at.sheet && held.row === at.row && held.column === at.column))
    if (found) choose(found.task, found.fact)
    else if (row !== undefined) choose(row)
    if (doubt) focus(doubt.doubt.id)
  }

  async function answer(given: Partial<Answer> & Pick<Answer, 'kind'>): Promise<boolean> {
    const body = { anchor: '', fact: '', raw: '', value: null, always: false, ...given } as Answer
    return await act.run(async () => (loaded.value.value = (await (await api.call(`/api/plan-readings/${id}/answers`, { method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' }, timeout: LONG })).json()) as Reading))
  }

  async function takeBack(answerId: string): Promise<void> {
    await act.run(async () => (loaded.value.value = await told(api.http.DELETE('/api/plan-readings/{reading_id}/answers/{answer_id}', { params: { path: { reading_id: id, answer_id: answerId } } }))))
  }

  async function chooseYear(year: number): Promise<void> {
    await act.run(async () => (loaded.value.value = await told(api.http.POST('/api/plan-readings/{reading_id}/year', { ...path, body: { year } }))))
  }

  async function draft(): Promise<{ plan_id: string; entries: number } | null> {
    let made: { plan_id: string; entries: number } | null = null
    await act.run(async () => (made = (await (await api.call(`/api/plan-readings/${id}/draft`, { method: 'POST', timeout: LONG, headers: { 'Idempotency-Key': crypto.randomUUID() } })).json()) as { plan_id: string; entries: number }))
    return made
  }

  async function drop(): Promise<boolean> {
    clearTimeout(timer)
    return await act.run(() => api.http.DELETE('/api/plan-readings/{reading_id}', path))
  }

  return { loaded, reading, questions, open, question, page, task, fact, chosen, act, turn, focus, step, choose, cell, answer, takeBack, chooseYear, draft, drop }
}
export type Taking = ReturnType<typeof useReading>
