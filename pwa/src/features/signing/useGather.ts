/** How far is every part, who has it, and when was it last heard of? And who may go on to the subject. */
import { computed, onScopeDispose, shallowRef } from 'vue'
import { wallTime } from '../../local/ids'
import { useAttempt } from '../../local/useAttempt'
import { useStore } from '../../local/usePhone'
import { useVisit } from '../../local/useVisit'
import { SENTENCES, type Gap } from '../../rules/gaps'
import type { PartOf } from '../../rules/package'
import { confirming, mayConfirm, mayTakeLead } from '../../rules/signers'
import type { PartStateCode } from '../../rules/state'
import { leaders } from '../../rules/team'

export interface GatherPart {
  id: string
  name: string
  team: string
  mine: boolean
  state: PartStateCode
  entries: number
  answered: number
  photos: number
  photosHere: number
  orders: number
  conflicts: number
  /** Clock time of the newest operation of others that came here; null when nothing came yet. */
  heard: string | null
  gaps: readonly Gap[]
  /** What is missing, in words: 差第 7 条疏散通道…, then whole sentences. */
  missing: string[]
}

export function useGather(id: string) {
  const store = useStore()
  const open = useVisit(id)
  const { problem, busy, attempt } = useAttempt()
  const arrivals = shallowRef<ReadonlyMap<string, number>>(new Map())

  /** When each operation of others was taken in by this phone. */
  async function readArrivals(): Promise<void> {
    const rows = await store.db.operations.where('visit').equals(id).toArray()
    arrivals.value = new Map(rows.filter((row) => row.own === 0).map((row) => [row.id, row.kept_at]))
  }
  onScopeDispose(store.changes.listen((change) => { if (change.visit === id || change.visit === null) void readArrivals().catch(() => undefined) }))
  void readArrivals().catch(() => undefined)

  const me = store.account.inspector
  const parts = computed<GatherPart[]>(() => (open.visit.value?.parts ?? []).map((part, n) => {
    const name = part.department.id
    const progress = open.progress.value[n]!
    const there = open.state.value.parts[name]
    const found = open.gaps.value[name] ?? []
    const [heard, mine] = [heardOf(name), part === open.myPart.value]
    // Nothing came: what is missing there nobody here can know.
    const silent = !mine && heard === null && progress.answered === 0
    return {
      id: name, name: part.department.name, team: part.team.map((member) => member.name).join('、'), mine, state: progress.state,
      entries: progress.entries, answered: progress.answered, photos: progress.photos,
      photosHere: there?.record.photos.filter((photo) => open.files.value.has(photo.hash)).length ?? 0,
      orders: there?.record.measures.filter((one) => one.kind === 'rectification_order').length ?? 0,
      conflicts: there?.conflicts.length ?? 0,
      heard, gaps: found, missing: silent ? ['还没有收到他们的记录。'] : missingWords(part, found),
    }
  }))

  function heardOf(part: string): string | null {
    const times = open.operations.value.filter(({ own, operation }) => !own && operation.part === part).map(({ operation }) => arrivals.value.get(operation.id) ?? 0)
    const last = Math.max(0, ...times)
    return last ? wallTime(last).slice(11, 16) : null
  }

  const wanted = computed(() => (open.visit.value ? confirming(open.visit.value, open.state.value) : null))
  const together = computed(() => parts.value.filter(({ state }) => state !== 'open').length)
  const may = computed(() => open.visit.value !== null && wanted.value !== null && mayConfirm(open.visit.value, open.state.value, me, wanted.value.parts))
  const mayLead = computed(() => open.visit.value !== null && mayTakeLead(open.visit.value, open.state.value, me))
  const leader = computed(() => {
    const visit = open.visit.value
    const members = visit?.parts.flatMap((part) => part.team) ?? []
    return visit ? leaders(visit, open.state.value).map((one) => members.find((member) => member.id === one)?.name ?? '').join('、') : ''
  })
  /** Something of mine is in the record, and something of it nobody but this phone has. */
  const own = computed(() => open.operations.value.some((one) => one.own))
  const unsent = computed(() => open.operations.value.some((one) => one.own && one.state === 'here'))
  const mine = computed(() => parts.value.find((part) => part.mine) ?? null)

  const finish = (part: string) => attempt(() => open.record(part, 'part.ready', {}))
  const reopen = (part: string, reason: string) => attempt(() => open.record(part, 'part.reopen', { reason: reason.normalize('NFC').trim() }))
  const takeLead = (reason: string) => attempt(() => open.record(null, 'lead.take', { reason: reason.normalize('NFC').trim() }))

  return { open, parts, wanted, together, own, unsent, may, mayLead, leader, mine, problem, busy, finish, reopen, takeLead }
}

/** First the entries by their number and first words, then what else stands in the way, each once. */
export function missingWords(part: PartOf, found: readonly Gap[]): string[] {
  const entries = found.filter(({ code, entry }) => entry !== null && code !== 'entry.photo_missing')
  const named = [...new Map(entries.map((gap) => [`${gap.item}/${gap.entry}`, nameOf(part, gap)])).values()]
  const photos = found.filter(({ code }) => code === 'entry.photo_missing' || code === 'finding.photo_missing').length
  const others = [...new Set(found.filter(({ code, entry }) => entry === null && code !== 'finding.photo_missing').map(({ code }) => SENTENCES[code]))]
  const list = `${named.slice(0, MOST_NAMED).join('、')}${named.length > MOST_NAMED ? `等 ${named.length} 条` : ''}`
  return [[list && `差${list}`, photos ? `${list ? '' : '差'}照片 ${photos} 张` : ''].filter(Boolean).join('，'), ...others].filter(Boolean)
}
const MOST_NAMED = 3

function nameOf(part: PartOf, gap: Gap): string {
  const entry = part.items.find((item) => item.id === gap.item)?.checklist.entries.find((one) => one.id === gap.entry)
  return entry ? `第 ${entry.no} 条${[...entry.text].slice(0, 8).join('')}${[...entry.text].length > 8 ? '…' : ''}` : ''
}
