/** The results of a part: looked at, changed with a reason, declared ready, opened again, submitted. */
import { computed } from 'vue'
import { change } from '../../local/amend'
import { useAttempt } from '../../local/useAttempt'
import { useVisit } from '../../local/useVisit'
import { useWriting } from '../../local/useWriting'
import type { FindingValue } from '../../rules/bodies'
import { gapsBeyond, itemOutcome } from './outcomes'

const POLICY = '已向当事人宣讲有关法律法规和政策。'

export function useResults(id: string, partId: () => string | null) {
  const open = useVisit(id)
  const writing = useWriting(open, id)
  const { problem, busy, attempt } = useAttempt()

  const part = computed(() => open.visit.value?.parts.find(({ department }) => department.id === (partId() ?? writing.part.value)) ?? null)
  const there = computed(() => (part.value ? open.state.value.parts[part.value.department.id] : undefined))
  const mine = computed(() => part.value !== null && part.value.department.id === writing.part.value)
  const outcomes = computed(() => (part.value ? part.value.items.map((item) => itemOutcome(open.state.value, part.value!, item)) : []))
  const missing = computed(() => (part.value ? gapsBeyond(open.gaps.value[part.value.department.id] ?? [], outcomes.value) : []))
  const returned = computed(() => (there.value?.review.returned ?? []).filter((one) => !one.answered))
  const evidence = computed(() => (there.value?.record.photos ?? []).filter((photo) => photo.item === null))

  const finding = (item: string, value: FindingValue) => change(writing.part.value!, 'finding.set', { item, ...value })
  const agreed = () => outcomes.value.filter((one) => one.agreed.length).map((one) => finding(one.item.id, { outcomes: one.agreed, reason: null }))

  const choose = (item: string, value: FindingValue) => attempt(() => writing.write([finding(item, value)]))
  /** Nobody there, obstructed, gone: one account for every item of the part. */
  const takeShortPath = (code: string, account: string) => attempt(() => writing.write(part.value!.items.map((item) => finding(item.id, { outcomes: [code], reason: account }))))
  const ready = () => attempt(() => open.recordAll([...agreed(), change(writing.part.value!, 'part.ready', {})]))
  /** Writes what is agreed to, so that the subject is shown all of it. */
  const agree = () => attempt(async () => { const changes = agreed(); return changes.length ? await writing.write(changes) : [] })
  const reopen = (reason: string) => attempt(() => open.record(writing.part.value!, 'part.reopen', { reason }))
  const explainPolicy = () => attempt(() => writing.add('measure.issue', { item: null, entry: null, kind: 'policy_explained', form: 'oral', text: POLICY, due_day: null, number: null, facts: null, breached: null, applied: null, ground: null }))

  /** After signing: agreed changes, then to the reviewers, naming what it answers. */
  async function submit(): Promise<unknown> {
    return await attempt(async () => {
      const changes = agreed()
      if (changes.length) await writing.write(changes)
      return await open.record(writing.part.value!, 'submit', { note: null, answers_to: returned.value.map(({ id: answered }) => answered) })
    })
  }

  return { ...open, writing, problem, busy, part, there, mine, outcomes, missing, returned, evidence, choose, takeShortPath, ready, agree, reopen, explainPolicy, submit }
}
