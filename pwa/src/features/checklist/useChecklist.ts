/** One item's checklist: its entries as they stand, answering them, the rest in one tap, and where to go on. */
import { computed, type Ref } from 'vue'
import { change, type Change } from '../../local/amend'
import { useAttempt } from '../../local/useAttempt'
import { useVisit } from '../../local/useVisit'
import { useWriting } from '../../local/useWriting'
import { judged } from '../../rules/answers'
import type { AnswerValue } from '../../rules/bodies'
import type { ChecklistEntry } from '../../rules/package'
import { entryViews } from './entryViews'
import { onwardFrom } from './onward'
import { useUndo } from './useUndo'

const BLANK: AnswerValue = { value: null, note: null, phrases: [] }

export function useChecklist(id: string, itemId: Readonly<Ref<string>>) {
  const open = useVisit(id)
  const writing = useWriting(open, id)
  const { problem, busy, attempt } = useAttempt()
  const undoing = useUndo()
  const viewsOf = entryViews(open)

  const part = computed(() => open.visit.value?.parts.find(({ items }) => items.some((one) => one.id === itemId.value)) ?? null)
  const item = computed(() => part.value?.items.find((one) => one.id === itemId.value) ?? null)
  const partState = computed(() => (part.value ? open.state.value.parts[part.value.department.id] : undefined))
  const partGaps = computed(() => (part.value ? (open.gaps.value[part.value.department.id] ?? []) : []))
  const views = computed(() => (item.value ? viewsOf(item.value, partState.value, partGaps.value) : []))
  const progress = computed(() => open.progress.value.find((one) => one.part === part.value?.department.id))
  const counted = computed(() => progress.value?.items.find((one) => one.item === itemId.value))
  const editable = computed(() => part.value !== null && part.value.department.id === writing.part.value && writing.open.value)
  const answers = computed(() => partState.value?.record.answers[itemId.value] ?? {})
  const onward = computed(() => (part.value && item.value ? onwardFrom(part.value, item.value, answers.value, partState.value?.conflicts ?? [], partGaps.value, progress.value) : null))

  const answerOf = (entry: string): AnswerValue => answers.value[entry] ?? BLANK
  const draft = (entry: string, value: AnswerValue): Change => change(writing.part.value!, 'answer.set', { item: itemId.value, entry, ...value })
  /** Phrases of a failure that was tapped away, in case the tap was a slip. */
  const setAside = new Map<string, string[]>()

  /** Changes what is given and keeps the rest. One change after the other, so that a quick second one keeps the first. */
  let line: Promise<unknown> = Promise.resolve()
  function set(entry: ChecklistEntry, patch: Partial<AnswerValue>): Promise<unknown> {
    line = line.then(() => put(entry, patch))
    return line
  }

  /** What describes a failure goes with it. */
  function put(entry: ChecklistEntry, patch: Partial<AnswerValue>): Promise<unknown> {
    const before = answerOf(entry.id)
    const after = { ...before, ...patch }
    if (patch.value !== undefined && (entry.answer === 'pass_fail' || entry.limits)) {
      if (before.phrases.length) setAside.set(entry.id, before.phrases)
      after.phrases = judged(entry, patch.value) === 'fail' ? (before.phrases.length ? before.phrases : (setAside.get(entry.id) ?? [])) : []
    }
    return attempt(() => writing.write([draft(entry.id, after)]))
  }

  /** 其余全部合格: every entry not yet judged, all or none, and back again with one tap. */
  async function passRest(): Promise<boolean> {
    if (onward.value?.to !== 'rest') return false
    const rest = onward.value.entries.map(({ id: entry }) => ({ entry, before: answerOf(entry) }))
    const back = rest.map(({ entry, before }) => draft(entry, before))
    const done = await attempt(() => writing.write(rest.map(({ entry, before }) => draft(entry, { ...before, value: 'pass' }))))
    if (done) undoing.offer(`记下 ${rest.length} 条合格`, () => attempt(() => writing.write(back)))
    return done !== null
  }

  /** Two phones said different things; a person chooses. */
  const settle = (entry: ChecklistEntry, value: unknown) =>
    attempt(() => open.recordAll([{ part: writing.part.value!, kind: 'settle', body: { register: `answer/${itemId.value}/${entry.id}`, value, reason: null } }]))

  return { ...open, writing, problem, busy, undoing, part, item, partState, views, progress, counted, editable, onward, set, passRest, settle }
}
