/** What was gathered in my part (or in the one looked at), and writing more of it. */
import { computed } from 'vue'
import { useAttempt } from '../../local/useAttempt'
import { useVisit } from '../../local/useVisit'
import { useWriting } from '../../local/useWriting'
import type { Bodies, Kind } from '../../rules/bodies'
import type { FileDraft, LoggedOperation } from '../../local/writer'

export interface PlaceOf { item: string | null; entry: string | null }

export function useGathered(id: string, place: PlaceOf = { item: null, entry: null }) {
  const open = useVisit(id)
  const writing = useWriting(open, id)
  const { problem, busy, attempt } = useAttempt()
  const part = computed(() => open.myPart.value)
  const there = computed(() => (part.value ? open.state.value.parts[part.value.department.id] : undefined))
  const record = computed(() => there.value?.record)
  const item = computed(() => part.value?.items.find((one) => one.id === place.item) ?? null)
  const entry = computed(() => item.value?.checklist.entries.find((one) => one.id === place.entry) ?? null)
  const names = computed(() => new Map(part.value?.items.map((one) => [one.id, one.name]) ?? []))
  const may = computed(() => part.value !== null && writing.open.value)
  /** Why nothing can be written now; null when it can. */
  const shut = computed(() => (!part.value ? '您不在这次检查的小组里。' : !writing.open.value ? '我的部分已报齐，先到结果里重新打开。' : writing.signed.value && !writing.reason.value.trim() ? '当事人已确认过，先写明为什么补充。' : null))

  const add = <K extends Kind>(kind: K, body: Bodies[K], files: readonly FileDraft[] = []): Promise<LoggedOperation | null> => attempt(() => writing.add(kind, body, files))
  const takeBack = (kind: 'audio' | 'clip' | 'recording' | 'paper' | 'sample' | 'evidence', target: string, reason: string): Promise<LoggedOperation | null> =>
    attempt(() => writing.add(`${kind}.withdraw`, { target, reason }))

  return { ...open, writing, problem, busy, attempt, part, there, record, item, entry, names, may, shut, add, takeBack }
}
