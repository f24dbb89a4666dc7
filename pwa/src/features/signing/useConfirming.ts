/** What will the subject confirm, and with what? Draws up the manifest once, keeps the draft, records the confirmation. */
import { computed, shallowRef, watch } from 'vue'
import { hashBytes } from '../../local/blobs'
import { wallTime } from '../../local/ids'
import { useStore } from '../../local/usePhone'
import { useVisit, type OpenVisit } from '../../local/useVisit'
import type { FileDraft } from '../../local/writer'
import type { ConfirmBody, Signature, SignerRole } from '../../rules/bodies'
import { canonical } from '../../rules/canonical'
import { confirmationGaps, type Gap } from '../../rules/gaps'
import { manifest, manifestDigest, supplementManifest, type Manifest } from '../../rules/manifest'
import type { VisitPackage } from '../../rules/package'
import { confirming, mayConfirm } from '../../rules/signers'
import { bodyOf, dropDraft, keepDraft, keepStamp, readDraft, stampBytes, type ConfirmDraft } from './draft'

export interface Drawn { signature: Signature; file: FileDraft }

/** Told when the record changed while the subject was reading. */
export type Freshness = 'same' | 'renewed'

export function useConfirming(id: string) {
  const store = useStore()
  const open = useVisit(id)
  const draft = shallowRef<ConfirmDraft | null>(null)
  const ready = shallowRef(false)
  const freshness = shallowRef<Freshness>('same')
  const me = store.account.inspector
  const wanted = computed(() => (open.visit.value ? confirming(open.visit.value, open.state.value) : null))
  const may = computed(() => open.visit.value !== null && wanted.value !== null && mayConfirm(open.visit.value, open.state.value, me, wanted.value.parts))

  async function change(news: Partial<ConfirmDraft>): Promise<void> {
    if (!draft.value) return
    draft.value = { ...draft.value, ...news }
    await keepDraft(store, id, draft.value)
  }

  /** Draws the manifest up anew when there is none, or when what it says is no longer what is recorded. */
  async function draw(): Promise<void> {
    const visit = open.visit.value
    if (!open.loaded.value) return
    const before = draft.value ?? (await readDraft(store, id))
    if (visit && wanted.value) {
      const fresh = wanted.value.kind === 'confirm' ? manifest(visit, open.state.value, wallTime(store.now())) : supplementManifest(visit, open.state.value, wallTime(store.now()))
      if (before && before.kind === wanted.value.kind && sameWords(before.manifest, fresh)) draft.value = before
      else {
        if (before) freshness.value = 'renewed'
        const made: ConfirmDraft = { ...(before ?? blank(visit)), kind: wanted.value.kind, manifest: fresh, digest: await manifestDigest(fresh) }
        await keepDraft(store, id, made)
        draft.value = made
      }
    } else draft.value = null
    ready.value = true
  }
  let drawing: Promise<void> = Promise.resolve()
  watch([open.loaded, open.state], () => (drawing = drawing.then(draw).catch(() => undefined)), { immediate: true })

  async function takeStamp(bytes: ArrayBuffer): Promise<void> {
    await keepStamp(store, id, bytes)
    await change({ stamp: { hash: await hashBytes(bytes), size: bytes.byteLength }, no_stamp_reason: null })
  }

  function body(drawn: Drawn | null, witness: Drawn | null): ConfirmBody | null {
    if (!draft.value) return null
    const { witness: seen, refusal } = draft.value
    return bodyOf(draft.value, {
      signature: drawn?.signature ?? null,
      witness: refusal && seen?.name.trim() ? { name: seen.name.normalize('NFC').trim(), signature: witness?.signature ?? null } : null,
      place: open.visit.value?.subject.address ?? null,
      at: wallTime(store.now()),
    })
  }

  /** What is still missing by the region's profile, before it is signed; `drawn`: as if the signature were there. */
  function missing(withSignature: boolean): Gap[] {
    const made = open.visit.value && body(null, null)
    if (!made) return []
    if (withSignature) made.marks.signature = { strokes: [[[0, 0]]], png_hash: made.digest }
    return confirmationGaps(open.visit.value!, made)
  }

  /** Writes the confirmation with its pictures; the draft goes only after the record has it. */
  async function confirm(drawn: Drawn | null, witness: Drawn | null = null): Promise<void> {
    const made = body(drawn, witness)
    if (!made || !draft.value) throw new Error('nothing to confirm')
    const stamp = made.marks.stamp && (await stampBytes(store, id))
    const files = [drawn?.file, witness?.file, stamp ? { hash: made.marks.stamp!.photo_hash, bytes: stamp, type: 'image/jpeg', signature: true } : undefined]
    await open.record(null, draft.value.kind, made, files.filter((file) => file !== undefined))
    draft.value = null
    await dropDraft(store, id)
  }

  return { open, draft, ready, freshness, wanted, may, me, change, takeStamp, missing, confirm, stamp: () => stampBytes(store, id) }
}

export type OpenConfirming = ReturnType<typeof useConfirming>
export type { OpenVisit }

/** Whether two manifests say the same of the same parts; only time and frontier may differ. */
export const sameWords = (one: Manifest, other: Manifest): boolean => {
  const words = ({ header: { to: _to, ...header }, parts, supplement }: Manifest): string => canonical({ header, parts, supplement })
  return words(one) === words(other)
}

const isRole = (role: string): role is SignerRole =>
  ['legal_representative', 'person_in_charge', 'authorised_person_on_site', 'other_person'].includes(role)

/** Whom the libraries name, as what the profile lets him sign. */
function blank(visit: VisitPackage): Omit<ConfirmDraft, 'kind' | 'manifest' | 'digest'> {
  const { legal_representative, contact } = visit.subject
  const name = contact ?? legal_representative ?? ''
  const roles = rolesOf(visit)
  const role = name !== '' && name === legal_representative ? 'legal_representative' : 'person_in_charge'
  return {
    signer: { name, role: roles.includes(role) ? role : roles[0]! },
    opinion: null, objection: '', stamp: null, no_stamp_reason: null, refusal: null, witness: null, held: false,
  }
}

/** The profile's signers, and another person as such (process.md 5.4). */
export function rolesOf(visit: VisitPackage): SignerRole[] {
  const roles = visit.profile.signers.roles.filter(isRole)
  const known: SignerRole[] = roles.length ? roles : ['legal_representative', 'person_in_charge', 'authorised_person_on_site']
  return known.includes('other_person') ? known : [...known, 'other_person']
}
