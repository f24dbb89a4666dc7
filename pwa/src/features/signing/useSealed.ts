/** What was signed, what does it still want, and how does the visit end for me? */
import { computed } from 'vue'
import { whereAmI } from '../../local/position'
import { useAttempt } from '../../local/useAttempt'
import { useStore } from '../../local/usePhone'
import { useVisit } from '../../local/useVisit'
import type { Draft } from '../../local/writer'
import type { ConfirmBody } from '../../rules/bodies'
import type { Manifest } from '../../rules/manifest'
import { confirming, mayConfirm, owedSigns, partsShortOfSigns, standing } from '../../rules/signers'
import type { ConfirmationOf } from '../../rules/state'

export function useSealed(id: string) {
  const store = useStore()
  const open = useVisit(id)
  const { problem, busy, attempt } = useAttempt()
  const me = store.account.inspector

  const bodies = computed(() => new Map(open.operations.value.flatMap(({ operation }) => (operation.kind === 'confirm' || operation.kind === 'supplement' ? [[operation.id, operation.body as unknown as ConfirmBody] as const] : []))))
  const confirmations = computed<(ConfirmationOf & { manifest: Manifest | null; received: boolean })[]>(() => standing(open.state.value).map((one) => ({
    ...one, manifest: bodies.value.get(one.id)?.manifest ?? null,
    // Only the server's word locks: until it has compared, what is here is what we know.
    received: (open.whereabouts(one.id) ?? 'here') !== 'here',
  })))
  const newest = computed(() => confirmations.value[0] ?? null)
  const owed = computed(() => (open.visit.value ? owedSigns(open.visit.value, open.state.value) : []))
  const iOwe = computed(() => owed.value.some(({ inspector }) => inspector.id === me))
  const short = computed(() => (open.visit.value && newest.value ? partsShortOfSigns(open.visit.value, newest.value) : []))
  const part = computed(() => open.myPart.value?.department.id ?? null)
  const mine = computed(() => (part.value === null ? null : (open.state.value.parts[part.value] ?? null)))
  const left = computed(() => part.value !== null && `leave/${part.value}/${me}` in open.state.value.registers)
  const more = computed(() => {
    const [visit, state] = [open.visit.value, open.state.value]
    const next = visit && confirming(visit, state)
    return next && mayConfirm(visit, state, me, next.parts) ? next.kind : null
  })
  const returns = computed(() => mine.value?.review.returned.filter((one) => !one.answered) ?? [])
  /** Where the server put each operation; what it does not have yet comes after everything it has. No clock decides. */
  const places = computed(() => new Map(open.operations.value.map(({ operation, position }) => [operation.id, position ?? Infinity])))
  const placeOf = (operation: string): number => places.value.get(operation) ?? Infinity
  /** Something was put right since the part came back. */
  const mended = computed(() => returns.value.every((one) => mine.value!.amendments.some(({ id: amendment }) => placeOf(amendment) > placeOf(one.id))))
  const answersTo = computed(() => returns.value.map((one) => one.id))
  /** A locked part goes to review once; a returned one when every return is answered. */
  const maySubmit = computed(() => mine.value !== null && ['locked', 'returned'].includes(mine.value.state) && !mine.value.to_sign_again && !short.value.some((one) => one.department.id === part.value))

  async function finish(note: string | null = null): Promise<boolean> {
    const drafts: Omit<Draft, 'base'>[] = []
    if (part.value && !left.value) drafts.push({ part: part.value, kind: 'visit.leave', body: await whereAmI(4_000) })
    if (part.value && maySubmit.value) drafts.push({ part: part.value, kind: 'submit', body: { note: note?.normalize('NFC').trim() || null, answers_to: answersTo.value } })
    return (await attempt(() => open.recordAll(drafts))) !== null
  }

  return { open, confirmations, newest, owed, iOwe, short, mine, returns, mended, left, more, maySubmit, problem, busy, finish }
}
