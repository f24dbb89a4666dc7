/** What of a confirmation exists before it is recorded? Kept sealed on the phone, because opening the camera may kill the page. */
import type { ConfirmBody, RefusalReason, SignerRole } from '../../rules/bodies'
import type { Manifest } from '../../rules/manifest'
import type { Confirming } from '../../rules/signers'
import { readSetting, writeSetting } from '../../local/settings'
import type { Store } from '../../local/store'

export interface ConfirmDraft {
  kind: Confirming
  manifest: Manifest
  digest: string
  signer: { name: string; role: SignerRole }
  /** Null: not asked yet. */
  opinion: 'none' | 'some' | null
  objection: string
  stamp: { hash: string; size: number } | null
  no_stamp_reason: string | null
  refusal: { reason: RefusalReason | null; text: string } | null
  witness: { name: string; signs: boolean } | null
  /** The subject holds the phone: only the PIN leads out. */
  held: boolean
}

const place = (visit: string): string => `confirm/${visit}`
const stampPlace = (visit: string): string => `confirm/${visit}/stamp`

export const readDraft = (store: Store, visit: string): Promise<ConfirmDraft | null> => readSetting<ConfirmDraft>(store, place(visit))
export const keepDraft = (store: Store, visit: string, draft: ConfirmDraft): Promise<void> => writeSetting(store, place(visit), draft)

export async function dropDraft(store: Store, visit: string): Promise<void> {
  await store.db.settings.bulkDelete([place(visit), stampPlace(visit)])
}

/** The stamp's picture lies apart: it is large, and every letter of an objection is written. */
export async function keepStamp(store: Store, visit: string, bytes: ArrayBuffer): Promise<void> {
  const letters = Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte))
  await writeSetting(store, stampPlace(visit), btoa(letters.join('')))
}

export async function stampBytes(store: Store, visit: string): Promise<ArrayBuffer | null> {
  const text = await readSetting<string>(store, stampPlace(visit))
  return text === null ? null : (Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer as ArrayBuffer)
}

const text = (given: string): string | null => given.normalize('NFC').trim() || null

/** The body of the operation, as far as the draft goes; marks and witness are drawn, so they come from outside. */
export function bodyOf(draft: ConfirmDraft, given: { signature: ConfirmBody['marks']['signature']; witness: ConfirmBody['witness']; place: string | null; at: string }): ConfirmBody {
  const refused = draft.refusal !== null
  const name = text(draft.signer.name)
  return {
    digest: draft.digest,
    manifest: draft.manifest,
    marks: {
      signature: refused ? null : given.signature,
      stamp: refused || draft.stamp === null ? null : { photo_hash: draft.stamp.hash },
      no_stamp_reason: refused || draft.stamp !== null ? null : text(draft.no_stamp_reason ?? ''),
    },
    signer: refused || name === null ? null : { name, role: draft.signer.role },
    objection: draft.opinion === 'some' ? text(draft.objection) : null,
    refusal: draft.refusal?.reason ? { reason: draft.refusal.reason, text: text(draft.refusal.text) } : null,
    witness: given.witness,
    place: given.place === null ? null : text([...given.place].slice(0, 200).join('')),
    at: given.at,
  }
}
