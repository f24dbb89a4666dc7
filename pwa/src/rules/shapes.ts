/**
 * Which fields does the body of each kind of operation have? The twin of backend/onevisit/visits/shapes.py,
 * where the words are explained; tests/cases/operations_shapes.json holds both to the same table.
 */

export const SHAPES: Record<string, Record<string, string>> = {
  position: { lat_e7: 'int:-900000000:900000000', lon_e7: 'int:-1800000000:1800000000' },
  signature: { strokes: 'strokes', png_hash: 'hash' },
  stamp: { photo_hash: 'hash' },
  marks: { signature: '@signature?', stamp: '@stamp?', no_stamp_reason: 'text:200?' },
  signer: { name: 'text:50', role: 'legal_representative|person_in_charge|authorised_person_on_site|other_person' },
  refusal: { reason: 'disagrees|person_absent|no_reason_given|other', text: 'text:500?' },
  witness: { name: 'text:50', signature: '@signature?' },
  checklist: { id: 'key', version: 'int:1:1000000', hash: 'hash' },
  drawn: { kind: 'arrow|box|text', x1: 'int:0:10000', y1: 'int:0:10000', x2: 'int:0:10000', y2: 'int:0:10000', text: 'text:40?' },
  'visit.arrive': { position: '@position?', accuracy_m: 'int:0:1000000?' },
  'visit.leave': { position: '@position?', accuracy_m: 'int:0:1000000?' },
  'schedule.set': { day: 'day', time: 'time?', reason: 'text:500?' },
  'lead.take': { reason: 'text:500' },
  'answer.set': { item: 'key', entry: 'key', value: 'text:2000?', note: 'text:4000?', phrases: '[text:200]20' },
  'finding.set': { item: 'key', outcomes: '[code]10', reason: 'text:1000?' },
  'transcript.set': {
    opening: 'text:4000?',
    credentials_answer: 'text:1000?',
    rights_answer: 'text:1000?',
    recusal: 'not_asked|asked',
    recusal_reason: 'text:1000?',
    facts: 'text:8000?',
    coercive: 'text:4000?',
    statement: 'text:4000?',
  },
  'item.add': {
    item: 'key',
    name: 'text:200',
    code: 'text:50?',
    legal_basis: 'text:1000?',
    checklist: '@checklist?',
    reason: 'text:500',
  },
  'fact.differs': { key: 'key', differs: 'bool', value: 'text:500?', note: 'text:1000?' },
  'expert.add': { expert: 'key', name: 'text:50', institution: 'text:200?', opinion: 'text:4000?' },
  'method.set': { method: 'on_site|online|document', reason: 'text:500?' },
  'note.add': { item: 'key?', entry: 'key?', text: 'text:4000' },
  'photo.add': {
    hash: 'hash',
    size: 'int:1:67108864',
    taken_at: 'instant',
    caption: 'text:200?',
    item: 'key?',
    entry: 'key?',
    position: '@position?',
    accuracy_m: 'int:0:1000000?',
    width: 'int:1:30000',
    height: 'int:1:30000',
    mime: 'image/jpeg|image/png|image/webp',
    reencoded_from: 'hash?',
  },
  'audio.add': {
    hash: 'hash',
    size: 'int:1:67108864',
    taken_at: 'instant',
    caption: 'text:200?',
    item: 'key?',
    entry: 'key?',
    mime: 'audio/webm|audio/mp4|audio/mpeg|audio/ogg',
    seconds: 'int:0:86400',
  },
  'clip.add': {
    hash: 'hash',
    size: 'int:1:67108864',
    taken_at: 'instant',
    caption: 'text:200?',
    item: 'key?',
    entry: 'key?',
    position: '@position?',
    accuracy_m: 'int:0:1000000?',
    mime: 'video/webm|video/mp4',
    seconds: 'int:0:3600',
  },
  'recording.add': {
    item: 'key?',
    entry: 'key?',
    recorder: 'text:100',
    name: 'text:200',
    hash: 'hash',
    size: 'int:1:1099511627776',
    started_at: 'instant?',
    note: 'text:1000?',
  },
  'marking.add': { photo: 'hash', shapes: '[@drawn]40' },
  'paper.add': {
    item: 'key?',
    entry: 'key?',
    name: 'text:200',
    number: 'text:100?',
    copies: 'int:1:10000',
    kept: 'bool',
    note: 'text:1000?',
    photos: '[uuid]50',
  },
  'sample.add': {
    item: 'key?',
    entry: 'key?',
    name: 'text:200',
    number: 'text:100',
    quantity: 'text:100',
    laboratory: 'text:200?',
    note: 'text:1000?',
    photos: '[uuid]50',
  },
  'evidence.take': {
    item: 'key?',
    entry: 'key?',
    name: 'text:200',
    quantity: 'text:100',
    description: 'text:2000?',
    receipt: 'text:100?',
    photos: '[uuid]50',
  },
  'measure.issue': {
    item: 'key?',
    entry: 'key?',
    kind: 'rectification_order|order_to_stop|urge_to_rectify|advice|policy_explained',
    form: 'written|printed|electronic|oral',
    text: 'text:4000',
    due_day: 'day?',
    number: 'text:100?',
    facts: 'text:4000?',
    breached: 'text:1000?',
    applied: 'text:1000?',
    ground: 'text:1000?',
  },
  'note.withdraw': { target: 'uuid', reason: 'text:500' },
  'photo.withdraw': { target: 'uuid', reason: 'text:500' },
  'audio.withdraw': { target: 'uuid', reason: 'text:500' },
  'paper.withdraw': { target: 'uuid', reason: 'text:500' },
  'sample.withdraw': { target: 'uuid', reason: 'text:500' },
  'evidence.withdraw': { target: 'uuid', reason: 'text:500' },
  'measure.withdraw': { target: 'uuid', reason: 'text:500' },
  'clip.withdraw': { target: 'uuid', reason: 'text:500' },
  'recording.withdraw': { target: 'uuid', reason: 'text:500' },
  'marking.withdraw': { target: 'uuid', reason: 'text:500' },
  'part.ready': {},
  'part.reopen': { reason: 'text:500' },
  confirm: {
    digest: 'hash',
    manifest: 'manifest',
    marks: '@marks',
    signer: '@signer?',
    objection: 'text:2000?',
    refusal: '@refusal?',
    witness: '@witness?',
    place: 'text:200?',
    at: 'instant',
  },
  supplement: {
    digest: 'hash',
    manifest: 'manifest',
    marks: '@marks',
    signer: '@signer?',
    objection: 'text:2000?',
    refusal: '@refusal?',
    witness: '@witness?',
    place: 'text:200?',
    at: 'instant',
  },
  sign: { inspector: 'key', digest: 'hash', strokes: 'strokes', png_hash: 'hash' },
  submit: { note: 'text:1000?', answers_to: '[uuid]200' },
  settle: { register: 'text:200', value: 'json', reason: 'text:500?' },
  amend: { register: 'text:200?', value: 'json', reason: 'text:500', takes: '[uuid]200' },
  adopt: { operation: 'uuid', reason: 'text:500' },
  send_back: { item: 'key', reason: 'text:1000' },
  accept: { item: 'key?' },
}

export const MANIFEST_FORMAT = 'onevisit-manifest/1'
const MOST_POINTS = 20_000

const KEY = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/
const UUID7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const HASH = /^[0-9a-f]{64}$/
const CODE = /^[a-z][a-z0-9_]{0,39}$/
const TIME = /^([01][0-9]|2[0-3]):[0-5][0-9]$/
const DAY = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/
const INSTANT =
  /^([0-9]{4}-[0-9]{2}-[0-9]{2})T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,3})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$/
const DEVICE = /^(server:)?[A-Za-z0-9][A-Za-z0-9_-]{0,51}$/
// What Python's strip and JavaScript's trim do not agree on is left out: the ASCII blanks and the wide blank.
const BLANK = /^[ \t\n\r\u3000]*$/

type Bag = Record<string, unknown>

/** Whether it is a JSON object. */
export const isBag = (value: unknown): value is Bag =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const matches = (pattern: RegExp) => (value: unknown): value is string =>
  typeof value === 'string' && pattern.test(value)

/** Whether it can be an id of ours or a slug (it may stand as a key in the state). */
export const isKey = matches(KEY)
/** Whether it is a lower-case UUIDv7. */
export const isUuid7 = matches(UUID7)
/** Whether it is a SHA-256 in lower-case hex. */
export const isHash = matches(HASH)
/** Whether it can be a device: a phone's id, or `server:<id>`. */
export const isDevice = matches(DEVICE)

/** Whether it is a whole number within bounds. */
export const isInt = (value: unknown, least: number, most: number): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && least <= value && value <= most

/** Whether it is a day that exists, YYYY-MM-DD. */
export function isDay(value: unknown): boolean {
  const found = typeof value === 'string' ? DAY.exec(value) : null
  if (!found) return false
  const [year, month, day] = [Number(found[1]), Number(found[2]), Number(found[3])]
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  const lengths = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
  return year >= 1 && day >= 1 && day <= (lengths[month - 1] ?? 0)
}

/** Whether it is an RFC 3339 time with offset on a day that exists. */
export function isInstant(value: unknown): boolean {
  const found = typeof value === 'string' ? INSTANT.exec(value) : null
  return found !== null && isDay(found[1])
}

/** Whether it is a text that says something and fits; length in characters, not UTF-16 units. */
export const isText = (value: unknown, most: number): value is string =>
  typeof value === 'string' && [...value].length <= most && !value.includes('\0') && !BLANK.test(value)

/** Whether it is a drawn signature: strokes of points [x, y] or [x, y, milliseconds]. */
export function isStrokes(value: unknown): boolean {
  if (!Array.isArray(value) || value.length < 1 || value.length > 500) return false
  if (!value.every((stroke) => Array.isArray(stroke) && stroke.length > 0)) return false
  const points: unknown[] = value.flat(1)
  return points.length <= MOST_POINTS && points.every(isPoint)
}

const isPoint = (point: unknown): boolean =>
  Array.isArray(point) &&
  (point.length === 2 || point.length === 3) &&
  point.every((n) => isInt(n, -100_000, 10_000_000))

/** Whether it has what locking reads: format, visit, parts with record, frontier (manifest.ts). */
export function isManifest(value: unknown): boolean {
  if (!isBag(value) || value.format !== MANIFEST_FORMAT || !isBag(value.visit)) return false
  const { parts, frontier } = value
  if (!Array.isArray(parts) || !Array.isArray(frontier) || !parts.every(isPart) || !frontier.every(isLog)) return false
  const departments = parts.map((part) => (part as { department: { id: string } }).department.id)
  const devices = frontier.map((log) => (log as { device: string }).device)
  return parts.length > 0 && new Set(departments).size === parts.length && new Set(devices).size === devices.length
}

const isPart = (part: unknown): boolean =>
  isBag(part) &&
  isBag(part.record) &&
  isBag(part.department) &&
  isKey(part.department.id) &&
  Array.isArray(part.items) &&
  part.items.every((item) => isBag(item) && isKey(item.id))

const isLog = (log: unknown): boolean =>
  isBag(log) &&
  Object.keys(log).sort().join() === 'device,id,seq' &&
  isDevice(log.device) &&
  isInt(log.seq, 1, 2 ** 31) &&
  isUuid7(log.id)

const WORDS: Record<string, (value: unknown) => boolean> = {
  key: isKey,
  uuid: isUuid7,
  hash: isHash,
  code: matches(CODE),
  day: isDay,
  time: matches(TIME),
  instant: isInstant,
  bool: (value) => typeof value === 'boolean',
  json: () => true,
  strokes: isStrokes,
  manifest: isManifest,
}

/** The path of the first field (in the order of names) that is missing, unknown or of the wrong form. */
export function wrongField(shape: Record<string, string>, value: unknown, path = ''): string | null {
  if (!isBag(value)) return path || '/'
  for (const name of [...new Set([...Object.keys(shape), ...Object.keys(value)])].sort()) {
    const here = `${path}/${name}`
    if (!Object.hasOwn(shape, name) || !Object.hasOwn(value, name)) return here
    const found = wrong(shape[name]!, value[name], here)
    if (found !== null) return found
  }
  return null
}

function wrong(word: string, value: unknown, path: string): string | null {
  if (word.endsWith('?')) return value === null ? null : wrong(word.slice(0, -1), value, path)
  if (word.startsWith('@')) return wrongField(SHAPES[word.slice(1)]!, value, path)
  if (word.startsWith('[')) {
    const end = word.lastIndexOf(']')
    if (!Array.isArray(value) || value.length > Number(word.slice(end + 1))) return path
    for (const [n, member] of value.entries()) {
      const found = wrong(word.slice(1, end), member, `${path}/${n}`)
      if (found !== null) return found
    }
    return null
  }
  return fits(word, value) ? null : path
}

function fits(word: string, value: unknown): boolean {
  if (Object.hasOwn(WORDS, word)) return WORDS[word]!(value)
  const [name, one, other] = word.split(':')
  if (name === 'text') return isText(value, Number(one))
  if (name === 'int') return isInt(value, Number(one), Number(other))
  return typeof value === 'string' && word.split('|').includes(value)
}
