/** Which results wait, are public, are withheld; and what happens to one? */
import { computed, ref, shallowRef } from 'vue'
import { useApi } from '../../../api/useApi'
import { handOver } from '../download'
import { useAct } from '../useAct'
import { useLoaded } from '../useLoaded'

export interface Facts {
  subject: { name: string | null; credit_code: string | null; thing?: string }
  plan: { name: string; document_no: string | null }
  task: { no: string; name: string; targeting: string | null }
  department: { id: string; name: string }
  methods: string[]
  day: string
  items: { name: string; outcomes: { code: string; label: string }[]; measures: string[] }[]
}
/** What somebody asks about a result, and what the reader may do about it. */
export interface Asked {
  id: string
  kind: 'withhold' | 'correct'
  kind_label: string
  asked_by_name: string
  from_subject: boolean
  asked_at: string
  reason: string
  contact: string | null
  facts: Facts | null
  erratum: string | null
  may_grant: boolean
  may_refuse: boolean
  may_withdraw: boolean
}
/** What is to be put right: results and measures of items by their place, the day. */
export interface Changes { items: { at: number; outcomes: string[]; measures: string[] }[]; day: string | null }
export interface PublicationRow {
  id: string
  visit_id: string
  department: { id: string; name: string }
  subject: string
  state: string
  state_label: string
  due: string | null
  due_text: string | null
  facts: Facts
  published_at: string | null
  withheld_ground: string | null
  shown_until: string | null
  erratum: string | null
  request: Asked | null
}
interface Page { items: PublicationRow[]; next: string | null; counts: Record<string, number> }

export function usePublications(state: () => string) {
  const api = useApi()
  const act = useAct()
  const ask = async (after?: string): Promise<Page> => {
    const query = new URLSearchParams({ state: state(), limit: '50', ...(after ? { after } : {}) })
    return (await (await api.call(`/api/publications?${query}`)).json()) as Page
  }
  const page = useLoaded(() => ask())
  const later = shallowRef<PublicationRow[]>([])
  const cursor = ref<string | null | undefined>()
  const rows = computed(() => [...(page.value.value?.items ?? []), ...later.value])
  const next = computed(() => (cursor.value === undefined ? (page.value.value?.next ?? null) : cursor.value))

  async function load(): Promise<void> {
    later.value = []
    cursor.value = undefined
    await page.load()
  }
  async function more(): Promise<void> {
    if (!next.value) return
    const found = await ask(next.value)
    later.value = [...later.value, ...found.items]
    cursor.value = found.next
  }
  const send = async (method: 'POST' | 'PUT', path: string, body?: unknown): Promise<void> => {
    const given = body === undefined ? {} : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }
    await api.call(path, { method, ...given })
    await load()
  }
  const post = (path: string, body?: unknown): Promise<void> => send('POST', path, body)
  const plain = (text: string): string => text.normalize('NFC').trim()
  const publish = (id: string): Promise<boolean> => act.run(() => post(`/api/publications/${id}/publish`))
  const askWithhold = (id: string, ground: string): Promise<boolean> => act.run(() => post(`/api/publications/${id}/requests`, { kind: 'withhold', reason: plain(ground) }))
  const askCorrection = (id: string, reason: string, changes: Changes): Promise<boolean> => act.run(() => post(`/api/publications/${id}/requests`, { kind: 'correct', reason: plain(reason), changes }))
  const fillIn = (request: string, changes: Changes, erratum: string): Promise<boolean> => act.run(() => send('PUT', `/api/publications/requests/${request}/changes`, { ...changes, erratum: plain(erratum) }))
  const grant = (request: string, given: { password?: string; answer?: string }): Promise<boolean> => act.run(() => post(`/api/publications/requests/${request}/grant`, given))
  const refuse = (request: string, answer: string): Promise<boolean> => act.run(() => post(`/api/publications/requests/${request}/refuse`, { answer: plain(answer) }))
  const withdraw = (request: string): Promise<boolean> => act.run(() => post(`/api/publications/requests/${request}/withdraw`))

  /** The national field set as a file; fetched with the token, handed to the browser. */
  const take = (kind: 'csv' | 'json'): Promise<boolean> =>
    act.run(async () => {
      handOver(await api.file(`/api/publications/export.${kind}`, { timeout: 120_000 }), `检查结果.${kind}`)
    })
  return { page, rows, next, act, load, more, publish, askWithhold, askCorrection, fillIn, grant, refuse, withdraw, take }
}

/** What of the results is said in one line. */
export const resultWords = (facts: Facts): string =>
  facts.items.map(({ name, outcomes }) => `${name}：${outcomes.map(({ label }) => label).join('、') || '—'}`).join('；')
