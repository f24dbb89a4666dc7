/** Which bodies do the kinds of operations have, as types? Checked at run time by shapes.ts. */

import type { Manifest } from './manifest'
import type { Position } from './package'

export type Strokes = number[][][]
export interface Signature { strokes: Strokes; png_hash: string }
interface Place { item: string | null; entry: string | null }
interface Where { position: Position | null; accuracy_m: number | null }
interface Captioned { hash: string; size: number; taken_at: string; caption: string | null }
interface Withdraw { target: string; reason: string }

export interface AnswerValue { value: string | null; note: string | null; phrases: string[] }
export interface FindingValue { outcomes: string[]; reason: string | null }
export interface TranscriptValue {
  opening: string | null
  credentials_answer: string | null
  rights_answer: string | null
  recusal: 'not_asked' | 'asked'
  recusal_reason: string | null
  facts: string | null
  coercive: string | null
  statement: string | null
}
export interface FactValue { differs: boolean; value: string | null; note: string | null }
export interface ExpertValue { name: string; institution: string | null; opinion: string | null }
export type CheckMethod = 'on_site' | 'online' | 'document'
export interface MethodValue { method: CheckMethod; reason: string | null }
export interface AddedItemValue {
  name: string
  code: string | null
  legal_basis: string | null
  checklist: { id: string; version: number; hash: string } | null
  reason: string
}
export interface NoteBody extends Place { text: string }
export interface PhotoBody extends Captioned, Place, Where {
  width: number
  height: number
  mime: 'image/jpeg' | 'image/png' | 'image/webp'
  reencoded_from: string | null
}
export interface AudioBody extends Captioned, Place {
  mime: 'audio/webm' | 'audio/mp4' | 'audio/mpeg' | 'audio/ogg'
  seconds: number
}
export interface ClipBody extends Captioned, Place, Where {
  mime: 'video/webm' | 'video/mp4'
  seconds: number
}
/** A file of a body-worn camera: named and hashed here, kept where the office keeps such files. */
export interface RecordingBody extends Place {
  recorder: string
  name: string
  hash: string
  size: number
  started_at: string | null
  note: string | null
}
export interface Drawn { kind: 'arrow' | 'box' | 'text'; x1: number; y1: number; x2: number; y2: number; text: string | null }
/** Drawn over a photo, in ten-thousandths of its upright width and height; the photo's bytes stay as they are. */
export interface MarkingBody { photo: string; shapes: Drawn[] }
export interface PaperBody extends Place {
  name: string
  number: string | null
  copies: number
  kept: boolean
  note: string | null
  photos: string[]
}
export interface SampleBody extends Place {
  name: string
  number: string
  quantity: string
  laboratory: string | null
  note: string | null
  photos: string[]
}
export interface EvidenceBody extends Place {
  name: string
  quantity: string
  description: string | null
  receipt: string | null
  photos: string[]
}
export type MeasureKind = 'rectification_order' | 'order_to_stop' | 'urge_to_rectify' | 'advice' | 'policy_explained'
export type MeasureForm = 'written' | 'printed' | 'electronic' | 'oral'
export interface MeasureBody extends Place {
  kind: MeasureKind
  form: MeasureForm
  text: string
  due_day: string | null
  number: string | null
  facts: string | null
  breached: string | null
  applied: string | null
  ground: string | null
}
export type SignerRole = 'legal_representative' | 'person_in_charge' | 'authorised_person_on_site' | 'other_person'
export type RefusalReason = 'disagrees' | 'person_absent' | 'no_reason_given' | 'other'
export interface ConfirmBody {
  digest: string
  manifest: Manifest
  marks: { signature: Signature | null; stamp: { photo_hash: string } | null; no_stamp_reason: string | null }
  signer: { name: string; role: SignerRole } | null
  objection: string | null
  refusal: { reason: RefusalReason; text: string | null } | null
  witness: { name: string; signature: Signature | null } | null
  place: string | null
  at: string
}

export interface Bodies {
  'visit.arrive': Where
  'visit.leave': Where
  'schedule.set': { day: string; time: string | null; reason: string | null }
  'lead.take': { reason: string }
  'answer.set': AnswerValue & { item: string; entry: string }
  'finding.set': FindingValue & { item: string }
  'transcript.set': TranscriptValue
  'item.add': AddedItemValue & { item: string }
  'fact.differs': FactValue & { key: string }
  'expert.add': ExpertValue & { expert: string }
  'method.set': MethodValue
  'note.add': NoteBody
  'note.withdraw': Withdraw
  'photo.add': PhotoBody
  'photo.withdraw': Withdraw
  'audio.add': AudioBody
  'audio.withdraw': Withdraw
  'paper.add': PaperBody
  'paper.withdraw': Withdraw
  'sample.add': SampleBody
  'sample.withdraw': Withdraw
  'evidence.take': EvidenceBody
  'evidence.withdraw': Withdraw
  'measure.issue': MeasureBody
  'measure.withdraw': Withdraw
  'clip.add': ClipBody
  'clip.withdraw': Withdraw
  'recording.add': RecordingBody
  'recording.withdraw': Withdraw
  'marking.add': MarkingBody
  'marking.withdraw': Withdraw
  'part.ready': Record<string, never>
  'part.reopen': { reason: string }
  confirm: ConfirmBody
  supplement: ConfirmBody
  sign: { inspector: string; digest: string; strokes: Strokes; png_hash: string }
  submit: { note: string | null; answers_to: string[] }
  settle: { register: string; value: unknown; reason: string | null }
  amend: { register: string | null; value: unknown; reason: string; takes: string[] }
  adopt: { operation: string; reason: string }
  send_back: { item: string; reason: string }
  accept: { item: string | null }
}

export type Kind = keyof Bodies
