/** The transcript of my part: one value, written field by field, each knowing what it replaces. */
import { computed } from 'vue'
import { change } from '../../local/amend'
import type { TranscriptValue } from '../../rules/bodies'
import { useGathered } from './useGathered'

const EMPTY: TranscriptValue = { opening: null, credentials_answer: null, rights_answer: null, recusal: 'not_asked', recusal_reason: null, facts: null, coercive: null, statement: null }

export function useTranscript(id: string) {
  const gathered = useGathered(id)
  const { part, there, record, writing, attempt } = gathered
  const said = computed(() => record.value?.transcript ?? null)
  const conflict = computed(() => {
    const register = part.value ? there.value?.registers[`transcript/${part.value.department.id}`] : undefined
    return register?.conflict ? register.values.map(({ value }) => value as TranscriptValue) : null
  })

  let latest: TranscriptValue | null = null
  let last: Promise<unknown> = Promise.resolve()
  /** Two fields kept at once must both stand: each is laid over what the one before it left. */
  function set(fields: Partial<TranscriptValue>): Promise<unknown> {
    latest = { ...EMPTY, ...(latest ?? said.value), ...fields }
    const whole = latest
    last = last.then(() => attempt(() => writing.write([change(part.value!.department.id, 'transcript.set', whole)]))).finally(() => { if (latest === whole) latest = null })
    return last
  }
  const settle = (value: TranscriptValue): Promise<unknown> =>
    attempt(() => gathered.record.value && part.value ? gathered.recordAll([change(part.value.department.id, 'settle', { register: `transcript/${part.value.department.id}`, value, reason: '选定一份' })]) : Promise.resolve([]))

  return { ...gathered, said, conflict, set, settle }
}
