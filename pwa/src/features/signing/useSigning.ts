/** Whose turn is it to sign, and what does he sign? First the subject (or a witness of the refusal), then the inspectors. */
import { computed, ref, shallowRef } from 'vue'
import { owedSigns, standing } from '../../rules/signers'
import type { VisitPackage } from '../../rules/package'
import { visits_signer_role } from '../../terms/generated'
import { useConfirming, type Drawn } from './useConfirming'

export interface Signer { key: string; kind: 'subject' | 'witness' | 'inspector'; name: string; role: string; part: string | null; done: boolean }

export function useSigning(id: string) {
  const confirming = useConfirming(id)
  const { open, draft, may, ready } = confirming
  /** Who signed on this screen, so that the row of names stays whole. */
  const signed = shallowRef<readonly Signer[]>([])
  const chosen = ref<string | null>(null)
  /** The subject signed last: the phone is still in his hands. */
  const handed = ref(false)

  const first = computed<Signer | null>(() => {
    if (!draft.value?.held || !may.value) return null
    const { refusal, witness, signer } = draft.value
    if (refusal) return witness?.signs ? { key: 'witness', kind: 'witness', name: witness.name, role: '见证人', part: null, done: false } : null
    return { key: 'subject', kind: 'subject', name: signer.name, role: visits_signer_role[signer.role] ?? '', part: null, done: false }
  })
  const inspectors = computed<Signer[]>(() => {
    const visit = open.visit.value
    if (!visit) return []
    // The phone that held the confirmation goes round; any other is for its own department, unless somebody is chosen.
    const round = first.value !== null || standing(open.state.value)[0]?.by === confirming.me
    const pending = first.value ? expected(visit, draft.value!.manifest.parts.map((part) => part.department.id)) : owedSigns(visit, open.state.value).map(({ part, inspector }) => ({ part, id: inspector.id, name: inspector.name }))
    // The phone is in his hand, so its owner is first; his department stands beside him.
    const mine = visit.parts.find((part) => part.team.some((member) => member.id === confirming.me))?.department.id
    const rank = (one: { id: string; part: string }): number => (one.id === confirming.me ? 0 : one.part === mine ? 1 : 2)
    const departments = new Map(visit.parts.map((part) => [part.department.id, part.department.name]))
    return pending
      .filter((one) => round || one.part === mine)
      .map((one, n) => ({ ...one, n }))
      .sort((a, b) => rank(a) - rank(b) || a.n - b.n)
      .map((one) => ({ key: one.id, kind: 'inspector' as const, name: one.name, role: departments.get(one.part) ?? '', part: one.part, done: false }))
  })
  const waiting = computed(() => [...(first.value ? [first.value] : []), ...inspectors.value].filter((one) => !signed.value.some((done) => done.key === one.key)))
  const turn = computed<Signer | null>(() => first.value ?? waiting.value.find((one) => one.key === chosen.value) ?? waiting.value[0] ?? null)
  const row = computed<Signer[]>(() => [...signed.value, ...waiting.value])
  const digest = computed(() => (first.value ? draft.value!.digest : (standing(open.state.value)[0]?.digest ?? null)))
  const objected = computed(() => (first.value ? draft.value!.opinion === 'some' : (standing(open.state.value)[0]?.objection ?? null) !== null))

  /** Records the signature of whose turn it is; only then does the next one come. */
  async function sign(drawn: Drawn): Promise<void> {
    const who = turn.value
    if (!who) return
    if (who.kind === 'inspector') {
      const owed = owedSigns(open.visit.value!, open.state.value).find((one) => one.inspector.id === who.key)
      if (owed) await open.record(owed.part, 'sign', { inspector: owed.inspector.id, digest: owed.digest, strokes: drawn.signature.strokes, png_hash: drawn.signature.png_hash }, [drawn.file])
      handed.value = false
    } else {
      await (who.kind === 'subject' ? confirming.confirm(drawn) : confirming.confirm(null, drawn))
      handed.value = true
    }
    signed.value = [...signed.value, { ...who, done: true }]
    chosen.value = null
  }

  return { open, ready, draft, may, freshness: confirming.freshness, change: confirming.change, turn, row, digest, objected, handed, choose: (key: string) => (chosen.value = key), sign }
}

const expected = (visit: VisitPackage, parts: readonly string[]): { part: string; id: string; name: string }[] =>
  visit.parts
    .filter((part) => parts.includes(part.department.id))
    .flatMap((part) => part.team.map(({ id, name }) => ({ part: part.department.id, id, name })))
