// Does a bundle have the form of `onevisit-draw/1`? Nothing more, nothing less: twin of draws/shape.py.

type Shape = RegExp | typeof NUMBER | typeof FREE | [Shape] | OrNull | By | { [member: string]: Shape }
class OrNull { constructor(readonly shape: Shape) {} }
class By { constructor(readonly shape: Shape) {} }
const NUMBER = Symbol('a count')
const FREE = Symbol('any object')
const TEXT = /^[^]*$/
const HEX = /^[0-9a-f]{64}$/
const SALT = /^[0-9a-f]{32}$/
const RISK = /^[ABCD-]$/
const FORMAT = /^onevisit-draw\/1$/

const ENTRY = { id: TEXT, name: TEXT, region: TEXT, risk: RISK }
const INSPECTOR = {
  id: TEXT, department: TEXT, certificate: TEXT, valid_to: TEXT, specialities: [TEXT], state: TEXT, recusals: [TEXT],
} satisfies Record<string, Shape>
const ROOT = { root: HEX, count: NUMBER } satisfies Record<string, Shape>
const COMMIT = {
  format: FORMAT, draw: TEXT, task: TEXT, region: TEXT, scope: TEXT,
  pool: { ...ROOT, strata: [{ risk: RISK, count: NUMBER, quota: NUMBER, root: HEX }] },
  excluded: { ...ROOT, reasons: [{ reason: TEXT, count: NUMBER }] },
  inspectors: ROOT,
  match: { lead: TEXT, departments: [TEXT], k: NUMBER, specialities: new By(new OrNull(TEXT)), 'valid_through?': /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/, 'neighbours?': new By([TEXT]) },
  changes: { since: new OrNull(TEXT), added: NUMBER, removed: NUMBER, changed: NUMBER },
  rules: {
    ratio: new OrNull(TEXT), bound: TEXT, class_ratios: new OrNull(new By(TEXT)), multipliers: new By(TEXT),
    rounding: TEXT, number: new OrNull(NUMBER),
    batch: new OrNull({ number: NUMBER, of: NUMBER, drawn: new By(NUMBER) }),
  },
  sources: [{ id: TEXT, kind: TEXT, commitment: new OrNull(HEX) }],
  closes_at: TEXT,
  'subjects_draw?': HEX,
} as { [member: string]: Shape }
const BUNDLE = {
  format: FORMAT, status: /^(drawn|voided)$/, commit: COMMIT, commit_hash: HEX,
  sources: [{ id: TEXT, value: TEXT }],
  key: new OrNull(HEX),
  leaves: [{ leaf: HEX, risk: RISK, ticket: new OrNull(HEX) }],
  selected: [HEX],
  thresholds: new By(HEX),
  shortfalls: [{ visit: HEX, department: TEXT, missing: NUMBER, speciality: new OrNull(TEXT) }],
  events: [{ kind: TEXT, at: TEXT, reason: TEXT, by: [TEXT], detail: FREE }],
  'signature?': new OrNull({ kid: TEXT, sig: TEXT }),
  'entries?': [{ leaf: HEX, salt: SALT, entry: ENTRY }],
  'excluded?': [{ leaf: HEX, salt: SALT, entry: ENTRY, reason: TEXT }],
  'inspectors?': [{ leaf: HEX, salt: SALT, entry: INSPECTOR }],
  'pools?': new By([HEX]),
  'ineligible?': [{ visit: new OrNull(HEX), inspector: HEX, reason: TEXT }],
  'teams?': [{ visit: HEX, department: TEXT, inspectors: [HEX], leader: new OrNull(HEX) }],
} as { [member: string]: Shape }

/** The first place where a bundle leaves its shape, as a path; undefined where it fits. */
export function misfit(value: unknown): string | undefined {
  const found = below(value, BUNDLE)
  return found === '' ? '/' : found
}

/** The path below a value where it is wrong; built on the way back, since a bundle has millions of values. */
function below(value: unknown, shape: Shape): string | undefined {
  if (shape instanceof RegExp) return typeof value === 'string' && (shape === TEXT || shape.test(value)) ? undefined : ''
  if (shape === NUMBER) return Number.isSafeInteger(value) && (value as number) >= 0 ? undefined : ''
  if (shape instanceof OrNull) return value === null ? undefined : below(value, shape.shape)
  if (Array.isArray(shape)) {
    return Array.isArray(value) ? first(value.keys(), (at) => [at, below(value[at], shape[0])]) : ''
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return ''
  if (shape === FREE) return undefined
  const object = value as Record<string, unknown>
  if (shape instanceof By) return first(Object.keys(object), (key) => [key, below(object[key], shape.shape)])
  return belowObject(object, shape as { [member: string]: Shape })
}

function belowObject(object: Record<string, unknown>, shape: { [member: string]: Shape }): string | undefined {
  for (const key in shape) {
    const name = key.endsWith('?') ? key.slice(0, -1) : key
    if (!Object.hasOwn(object, name)) {
      if (name === key) return `/${name}`
      continue
    }
    const found = below(object[name], shape[key]!)
    if (found !== undefined) return `/${name}${found}`
  }
  return first(Object.keys(object), (key) => [key, key in shape || `${key}?` in shape ? undefined : ''])
}

function first<K>(keys: Iterable<K>, look: (key: K) => [K, string | undefined]): string | undefined {
  for (const key of keys) {
    const [at, found] = look(key)
    if (found !== undefined) return `/${String(at)}${found}`
  }
  return undefined
}
