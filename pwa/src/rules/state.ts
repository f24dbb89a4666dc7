/** What does the fold give? The state of a visit, plain JSON, the same bytes in Python. */

import type {
  AddedItemValue, AnswerValue, AudioBody, ClipBody, ConfirmBody, EvidenceBody, ExpertValue, FactValue, FindingValue,
  MarkingBody, MeasureBody, MethodValue, NoteBody, PaperBody, PhotoBody, RecordingBody, SampleBody, TranscriptValue,
} from './bodies'

export interface Wall { wall: string; offset_ms: number | null }
export interface Head { id: string; by: string; at: Wall }
/** A register's values with who wrote them; more than one is a conflict. */
export interface Register { values: { value: unknown; heads: Head[] }[]; conflict: boolean }
export type Written<B> = B & { id: string; by: string }

/** The plain values of a part, as a manifest carries them; a register in conflict is not in it. */
export interface RecordOf {
  answers: Record<string, Record<string, AnswerValue>>
  findings: Record<string, FindingValue>
  transcript: TranscriptValue | null
  facts: Record<string, FactValue>
  experts: Record<string, ExpertValue>
  items: Record<string, AddedItemValue>
  /** How the part was checked, where somebody said so. */
  method?: MethodValue
  notes: Written<NoteBody>[]
  photos: Written<PhotoBody>[]
  audio: Written<AudioBody>[]
  papers: Written<PaperBody>[]
  samples: Written<SampleBody>[]
  evidence: Written<EvidenceBody>[]
  measures: Written<MeasureBody>[]
  clips?: Written<ClipBody>[]
  recordings?: Written<RecordingBody>[]
  markings?: Written<MarkingBody>[]
}

export type PartStateCode = 'open' | 'ready' | 'locked' | 'submitted' | 'returned' | 'accepted'

export interface Amendment {
  id: string
  by: string
  at: Wall
  register: string | null
  reason: string
  before: unknown[]
  after: unknown
  takes: string[]
  to_sign: boolean
  signed_in: string | null
}

export interface ReviewOf {
  submitted: string[]
  returned: { item: string; id: string; reason: string; answered: boolean }[]
  accepted: string[]
}

export interface PartStateOf {
  state: PartStateCode
  ready: boolean
  conflicts: string[]
  registers: Record<string, Register>
  record: RecordOf
  withdrawn: {
    id: string
    kind: string
    by: string
    body: unknown
    withdrawals: { id: string; by: string; reason: string }[]
  }[]
  lock: { confirmation: string; digest: string; chain: string[]; rivals: string[] } | null
  version: number
  amendments: Amendment[]
  to_sign_again: boolean
  faults: string[]
  review: ReviewOf
  late: string[]
}

export interface ConfirmationOf {
  id: string
  kind: string
  by: string
  at: string
  digest: string
  parts: string[]
  state: 'locked' | 'waiting' | 'unequal' | 'replaced'
  missing: { device: string; from: number; to: number }[]
  unequal: string[]
  marks: string[]
  no_stamp_reason: string | null
  signer: ConfirmBody['signer']
  objection: string | null
  refusal: ConfirmBody['refusal']
  witness: string | null
  own_phone: boolean
  signs: { id: string; inspector: string; part: string | null }[]
}

export interface HeldOf { id: string; kind: string; part: string | null; by: string; reason: string }
export interface LogHead { device: string; seq: number; id: string }

export interface StateOf {
  format: 'onevisit-state/1'
  visit: string | null
  registers: Record<string, Register>
  parts: Record<string, PartStateOf>
  confirmations: ConfirmationOf[]
  held: HeldOf[]
  adopted: string[]
  logs: LogHead[]
}
