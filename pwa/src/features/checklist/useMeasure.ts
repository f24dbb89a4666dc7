/** A measure being written: proposed from the failed entry, kept as a draft until it is issued. */
import { computed, reactive, ref, toRaw, watch } from 'vue'
import { readSetting, writeSetting } from '../../local/settings'
import { useAttempt } from '../../local/useAttempt'
import { useStore } from '../../local/usePhone'
import { useVisit } from '../../local/useVisit'
import { useWriting } from '../../local/useWriting'
import type { MeasureBody, MeasureForm, MeasureKind } from '../../rules/bodies'
import { dueDay, lawDay, NO_CALENDAR } from '../../rules/workdays'
import { ASKS } from './measureWords'

export type MeasureChoice = 'at_once' | 'by_day' | Exclude<MeasureKind, 'rectification_order'>

/** The time usually given; the inspector moves it. */
const USUAL_DAYS = 5

/** Proposed where an entry failed. */
const USUAL_TEXT: Record<MeasureKind, string> = {
  rectification_order: '改正上述问题，并保留记录。', order_to_stop: '立即停止上述行为。', urge_to_rectify: '尽快整改上述问题，留存记录。', advice: '', policy_explained: '',
}

interface DraftOf { choice: MeasureChoice; day: string; form: MeasureForm; text: string; facts: string; breached: string; applied: string; ground: string }

export function useMeasure(id: string, itemId: string | null, entryId: string | null, kind: string | null) {
  const store = useStore()
  const open = useVisit(id)
  const writing = useWriting(open, id)
  const { problem, busy, attempt } = useAttempt()
  const place = `measure_draft/${id}/${itemId ?? ''}/${entryId ?? ''}/${kind ?? ''}`

  const today = lawDay(store.now())
  const calendar = computed(() => open.visit.value?.calendar ?? NO_CALENDAR)
  const part = computed(() => open.myPart.value)
  const item = computed(() => part.value?.items.find((one) => one.id === itemId) ?? null)
  const entry = computed(() => item.value?.checklist.entries.find((one) => one.id === entryId) ?? null)
  const record = computed(() => (part.value ? open.state.value.parts[part.value.department.id]?.record : undefined))

  const draft = reactive<DraftOf>({ choice: (kind as MeasureChoice | null) ?? 'by_day', day: '', form: 'electronic', text: '', facts: '', breached: '', applied: '', ground: '' })
  const proposed = ref(false)

  watch([open.loaded, item], async () => {
    if (!open.loaded.value || proposed.value || !open.visit.value) return
    proposed.value = true
    Object.assign(draft, proposal(), await readSetting<DraftOf>(store, place).catch(() => null))
    watch(draft, () => void writeSetting(store, place, toRaw(draft)).catch(() => undefined))
  }, { immediate: true })

  function proposal(): Partial<DraftOf> {
    if (!entry.value) return { day: dueDay(today, USUAL_DAYS, calendar.value).day, applied: item.value?.legal_basis ?? '' }
    const answer = itemId && entryId ? record.value?.answers[itemId]?.[entryId] : undefined
    const facts = [answer?.phrases.join('、'), answer?.note].filter(Boolean).join('。')
    return { text: USUAL_TEXT[measureKind.value], day: dueDay(today, USUAL_DAYS, calendar.value).day, facts, breached: entry.value?.basis ?? '', applied: item.value?.legal_basis ?? '' }
  }

  const measureKind = computed<MeasureKind>(() => (draft.choice === 'at_once' || draft.choice === 'by_day' ? 'rectification_order' : draft.choice))
  // What was only proposed goes with the kind it was proposed for; a sentence of one's own stays.
  watch(measureKind, (now, before) => { if (draft.text === USUAL_TEXT[before]) draft.text = entry.value ? USUAL_TEXT[now] : '' })
  const issued = computed(() => (record.value?.measures.length ?? 0) + (part.value ? (open.state.value.parts[part.value.department.id]?.withdrawn ?? []).filter((one) => one.kind === 'measure.issue').length : 0))
  /** Visit, department's place among the parts, running number: made without asking anybody. */
  const number = computed(() => (open.visit.value && part.value ? `${open.visit.value.visit_no}-${open.visit.value.parts.indexOf(part.value) + 1}-${issued.value + 1}` : null))

  const body = computed<MeasureBody>(() => {
    const or = (text: string): string | null => text.trim() || null
    const dated = draft.choice === 'at_once' ? today : draft.choice === 'by_day' || draft.choice === 'urge_to_rectify' ? draft.day || null : null
    return {
      item: itemId, entry: entryId, kind: measureKind.value, form: draft.form, text: draft.text.trim(), due_day: dated, number: draft.form === 'oral' ? null : number.value,
      facts: or(draft.facts), breached: or(draft.breached), applied: or(draft.applied), ground: measureKind.value === 'advice' ? or(draft.ground) : null,
    }
  })
  const why = computed(() => (!part.value ? '您不在这次检查的小组里。' : !writing.open.value ? '我的部分已报齐，先重新打开。' : body.value.text === '' ? `先写${ASKS[measureKind.value]}。` : measureKind.value === 'advice' && !body.value.ground ? '先选属于哪种情形。' : null))

  async function issue(): Promise<boolean> {
    const done = await attempt(() => writing.add('measure.issue', body.value))
    if (done) await writeSetting(store, place, null).catch(() => undefined)
    return done !== null
  }

  return { ...open, writing, problem, busy, draft, today, calendar, part, record, item, entry, body, measureKind, why, issue }
}
