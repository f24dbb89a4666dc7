/** How does a screen write into my part? Values and additions alike, with a reason where the subject has already signed. */
import { computed, ref, watch, type ComputedRef, type Ref } from 'vue'
import type { Bodies, Kind } from '../rules/bodies'
import { amendment, isSigned, takeIn, type Change } from './amend'
import { PhoneProblem } from './problem'
import { readSetting, writeSetting } from './settings'
import { useStore } from './usePhone'
import type { OpenVisit } from './useVisit'
import type { FileDraft, LoggedOperation } from './writer'

export interface Writing {
  /** The department whose part I write; null for who only reads. */
  part: ComputedRef<string | null>
  /** Whether changes are amendments now. */
  signed: ComputedRef<boolean>
  /** Whether it may be changed at all: a part that is ready is opened again first. */
  open: ComputedRef<boolean>
  /** Why a signed part is changed; kept, so that the camera and the next page know it too. */
  reason: Ref<string>
  /** Values of registers, all or none. */
  write(changes: readonly Change[]): Promise<LoggedOperation[]>
  /** Something that adds to the record. */
  add<K extends Kind>(kind: K, body: Bodies[K], files?: readonly FileDraft[]): Promise<LoggedOperation>
}

export function useWriting(visit: OpenVisit, visitId: string): Writing {
  const store = useStore()
  const place = `amend_reason/${visitId}`
  const part = computed(() => visit.myPart.value?.department.id ?? null)
  const state = computed(() => (part.value ? visit.state.value.parts[part.value] : undefined))
  const signed = computed(() => isSigned(state.value?.state))
  const open = computed(() => part.value !== null && state.value?.state !== 'ready')
  const reason = ref('')

  void readSetting<string>(store, place).then((kept) => { reason.value ||= kept ?? '' }).catch(() => undefined)
  watch(reason, (now) => void writeSetting(store, place, now).catch(() => undefined))
  // The reviewer's own words are the likeliest reason.
  watch(() => state.value?.review.returned.findLast((one) => !one.answered)?.reason, (said) => { if (said) reason.value ||= `按退回意见改正：${said}` }, { immediate: true })

  function needReason(): string {
    const said = reason.value.trim()
    if (said === '') throw new PhoneProblem('phone.reason_missing', '当事人已确认过，改动前请先写明理由。')
    return said
  }

  async function write(changes: readonly Change[]): Promise<LoggedOperation[]> {
    if (!signed.value) return await visit.recordAll(changes)
    const [by, said] = [store.account.inspector ?? '', needReason()]
    return await visit.recordAll(changes.map((change) => amendment(change, by, said)))
  }

  async function add<K extends Kind>(kind: K, body: Bodies[K], files: readonly FileDraft[] = []): Promise<LoggedOperation> {
    if (part.value === null) throw new PhoneProblem('phone.not_on_team', '您不在这次检查的小组里，不能记录。')
    const said = signed.value ? needReason() : null
    const added = await visit.record(part.value, kind, body, files)
    if (said !== null) await visit.recordAll([takeIn(part.value, [added.operation.id], said)])
    return added
  }

  return { part, signed, open, reason, write, add }
}
