/** The page 上门: the visit, its steps, and what happens at the door. */
import { computed, ref } from 'vue'
import { useRouter } from 'vue-router'
import { change } from '../../local/amend'
import { whereAmI } from '../../local/position'
import { readSetting, writeSetting } from '../../local/settings'
import { useAttempt } from '../../local/useAttempt'
import { useStore } from '../../local/usePhone'
import { useVisit } from '../../local/useVisit'
import { useWriting } from '../../local/useWriting'
import type { FactValue } from '../../rules/bodies'
import { knows, lawDay, NO_CALENDAR, workingDaysBetween } from '../../rules/workdays'
import { useSync } from '../../sync/useSync'
import { nextStep, stepsDone, type Standing } from './steps'
import { agedWords } from './words'

const SHOWN = (id: string): string => `code_shown/${id}`

export function useVisitPage(id: string) {
  const store = useStore()
  const sync = useSync()
  const router = useRouter()
  const open = useVisit(id)
  const writing = useWriting(open, id)
  const { problem, busy, attempt } = useAttempt()
  const shown = ref(false)
  void readSetting<boolean>(store, SHOWN(id)).then((kept) => (shown.value ||= kept === true)).catch(() => undefined)

  const standing = computed<Standing | null>(() => open.visit.value && {
    visit: open.visit.value, state: open.state.value, part: open.myPart.value, inspector: store.account.inspector,
    leading: open.leading.value, shown: shown.value, progress: open.progress.value,
  })
  const done = computed(() => (standing.value ? stepsDone(standing.value) : 0))
  const next = computed(() => standing.value && nextStep(standing.value))
  const due = computed(() => {
    const day = open.visit.value?.due?.day
    const today = lawDay(store.now())
    const calendar = open.visit.value?.calendar ?? NO_CALENDAR
    return day ? { days: workingDaysBetween(today, day, calendar), date: day, provisional: !knows(day < today ? day : today, day < today ? today : day, calendar) } : null
  })
  /** Mine, as the record has it now. */
  const facts = computed(() => (writing.part.value && open.state.value.parts[writing.part.value]?.record.facts) || {})
  const arrival = computed(() => {
    const register = open.state.value.registers[`arrive/${writing.part.value}/${store.account.inspector}`]
    return (register?.values[0]?.value ?? null) as { at: string; accuracy_m: number | null } | null
  })

  const move = (kind: 'visit.arrive' | 'visit.leave') => attempt(async () => await writing.add(kind, await whereAmI(5_000)))

  async function act(): Promise<void> {
    if (next.value?.act === 'arrive' && (await move('visit.arrive'))) await router.push(`/visits/${id}/code`)
    else if (next.value?.act === 'leave' && (await move('visit.leave')) && open.state.value.parts[writing.part.value ?? '']?.state !== 'locked') await router.push('/')
  }

  const differs = (key: string, value: FactValue) => attempt(async () => await writing.write([change(writing.part.value!, 'fact.differs', { key, ...value })]))

  /** The subject has seen the code; known to this phone only. */
  async function codeShown(): Promise<void> {
    await writeSetting(store, SHOWN(id), true).catch(() => undefined)
    shown.value = true
    await router.replace(next.value?.to ?? `/visits/${id}`)
  }

  /** How old what this phone knows of the visit may be. */
  const heard = computed(() => agedWords(sync.value?.status.value.lastContact ?? null, store.now()))

  return { ...open, heard, writing, problem, busy, done, next, due, facts, arrival, act, differs, codeShown }
}
