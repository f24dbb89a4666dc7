/** Which paper is asked for, from whose part, and who may take it back? */
import { computed } from 'vue'
import { useVisit } from '../../local/useVisit'
import { useWriting } from '../../local/useWriting'
import { useAttempt } from '../../local/useAttempt'
import { measureLetter, sampleLetter, takenLetter, transcriptLetter, type Letter, type Occasion } from '../../ui/letters'
import { arrivedAt } from '../../rules/manifest'

export type LetterKind = 'measure' | 'transcript' | 'taken' | 'sample'

export interface Asked { readonly id: string; readonly kind: LetterKind; readonly operation?: string | undefined }

/** `asked` may change while the page stays: from one paper to the next. */
export function useLetter(asked: Asked, today: string) {
  const { id } = asked
  const open = useVisit(id)
  const writing = useWriting(open, id)
  const { problem, busy, attempt } = useAttempt()

  const dayOf = (target: string): string => open.operations.value.find((one) => one.operation.id === target)?.operation.at.wall.slice(0, 10) ?? today
  const operationOf = (): string | null => asked.operation ?? null
  const found = computed<{ occasion: Occasion; letter: Letter; item: string | null } | null>(() => {
    const [visit, operation, { kind }] = [open.visit.value, operationOf(), asked]
    for (const part of visit?.parts ?? []) {
      const record = open.state.value.parts[part.department.id]?.record
      if (!visit || !record) continue
      if (operation === null && part !== open.myPart.value) continue
      const occasion = { visit, part, record, day: operation ? dayOf(operation) : today }
      if (kind === 'measure') {
        const measure = record.measures.find((one) => one.id === operation)
        if (measure) return { occasion, letter: measureLetter(occasion, measure), item: measure.item }
      } else if (kind === 'sample') {
        const sample = record.samples.find((one) => one.id === operation)
        if (sample) return { occasion, letter: sampleLetter(occasion, sample), item: null }
      } else if (kind === 'taken' && record.evidence.length) return { occasion, letter: takenLetter(occasion), item: null }
      else if (kind === 'transcript' && record.transcript) return { occasion, letter: transcriptLetter(occasion, { from: arrivedAt(open.state.value), to: null }), item: null }
    }
    return null
  })
  const letter = computed(() => found.value?.letter ?? null)
  const where = computed(() => (asked.operation ? open.whereabouts(asked.operation) : null))
  const may = computed(() => asked.operation !== undefined && found.value?.occasion.part.department.id === writing.part.value && writing.open.value)
  const back = computed(() => (asked.kind === 'measure' ? (found.value?.item ? `/visits/${id}/checklist/${found.value.item}` : `/visits/${id}/results`) : asked.kind === 'transcript' ? `/visits/${id}/evidence/transcript` : `/visits/${id}/evidence`))
  const takeBack = (reason: string) => attempt(() => writing.add(asked.kind === 'sample' ? 'sample.withdraw' : 'measure.withdraw', { target: asked.operation!, reason }))

  return { loaded: open.loaded, letter, where, may, back, writing, problem, busy, attempt, takeBack }
}
