/**
 * What does a phone hold of a visit? The visit package: plain JSON without floats, the contract between server
 * and phone. The twin of backend/onevisit/visits/package_shape.py. `id` of an item is unique within the visit.
 */

export interface Named { id: string; name: string }
export interface Coded { code: string; label: string }
export interface Position { lat_e7: number; lon_e7: number }

export interface TaskOf {
  id: string
  no: string
  name: string
  plan_name: string
  seq: number | null
  sensitive: boolean
}

export interface SubjectOf {
  id: string
  name: string
  credit_code: string | null
  kind: string
  address: string
  legal_representative: string | null
  phone: string | null
  contact: string | null
  contact_phone: string | null
  risk: string | null
  position: Position | null
  licences: { name: string; no: string | null; valid_to: string | null }[]
  /** 责任主体 of a product, project, site or behaviour: notified, signs, and the result stands under its name. */
  responsible?: { id: string; name: string; credit_code: string | null; address: string }
}

export type AnswerType = 'pass_fail' | 'number' | 'text' | 'choice' | 'date'

export interface ChecklistEntry {
  id: string
  no: string
  text: string
  answer: AnswerType
  unit: string | null
  choices: string[]
  required: boolean
  content: string | null
  method: string | null
  basis: string | null
  evidence: 'none' | 'photo_on_fail' | 'photo'
  phrases: string[]
  /** The entry is only asked if an earlier entry of the item was answered or judged so. */
  condition: { entry: string; is: string | string[] } | null
  /** Between which decimal texts a measured number is 合格; only at numbers that have some. */
  limits?: { min: string | null; max: string | null }
}

/** A pinned checklist version; `hash` is the digest of its entries. */
export interface ChecklistOf { id: string; version: number; hash: string; entries: ChecklistEntry[] }

export interface ItemOf {
  id: string
  code: string | null
  name: string
  legal_basis: string | null
  checklist: ChecklistOf
}

export interface TeamMember {
  id: string
  name: string
  certificate: string | null
  department: string
  phone?: string | null
}

export interface PartOf {
  department: Named
  initiating: boolean
  leader: string
  team: TeamMember[]
  items: ItemOf[]
  /** What else is on the department's published list and may be added on the spot. */
  addable?: ItemOf[]
}

/** The rule profile as far as the visit needs it; `source`: the notice's sentence, null = our default. */
export interface ProfileOf {
  subject_mark: { required: ('signature' | 'stamp')[]; combination: 'all' | 'either'; source: string | null }
  signers: { roles: string[]; source: string | null }
  inspectors_mark: { min_per_department: number; source: string | null }
  check_on_site: { required: boolean; source: string | null; signers?: number; signers_source?: string | null }
  outcomes: { codes: Coded[]; source: string | null }
  /** The region's own words on rights against an order; without them the usual ones stand. */
  remedies?: string
}

export interface NoticeOf {
  no: string | null
  delivered_at: string | null
  way: string | null
  receiver: string | null
  papers_to_prepare: string[]
  announced: boolean
  /** Items that the notice does not tell of; said first at the door. */
  kept_back?: number
  read_at?: string | null
  read_by?: string | null
  /** Another time that the subject asked for and nobody has answered. */
  proposal?: string | null
}

export interface Todo {
  id: string
  kind: string
  part: string | null
  item: string | null
  operation: string | null
  text: string
  due_day: string | null
}

/** A phone of the team; `x` and `y` are its public key (P-256, base64url). */
/** `certificate`: the server's signature that this phone was enrolled so and then; whoever has not heard of it checks that. */
export interface DeviceOf { id: string; inspector: string; x: string; y: string; enrolled_at?: string; certificate?: string }

/** Days off on weekdays, make-up working days on weekends, and the years for which both are known. */
export interface CalendarOf { holidays: string[]; makeup_days: string[]; years: number[] }

export interface VisitPackage {
  id: string
  visit_no: string
  task: TaskOf
  tasks?: TaskOf[]
  region: Named
  issuer: string
  form_name?: string
  subject: SubjectOf
  methods: Coded[]
  year_count: number
  cap: number | null
  history: { day: string; task: string; outcome_labels: string[]; department?: string | null }[]
  precheck: { key: string; label: string; value: string; warn: string | null }[]
  parts: PartOf[]
  leader: string
  window: { start: string; end: string }
  due: { day: string | null; working_days_left: number | null; state: string } | null
  scheduled: { day: string; time: string | null } | null
  profile: ProfileOf
  notice: NoticeOf | null
  todos: Todo[]
  /** The public page that says who is at the door; for the visit code. */
  code_url?: string | null
  /** The team's phones and their public keys: what another phone hands over is checked with them (sync.md 6). */
  devices?: DeviceOf[]
  /** When that list was made: who was enrolled before and is not on it may not write any more. */
  devices_at?: string
  /** The key with which the server signs certificates of enrolment. */
  server_key?: { x: string; y: string }
  /** Published working days; without it weekdays are counted and the day is called provisional. */
  calendar?: CalendarOf | null
}
