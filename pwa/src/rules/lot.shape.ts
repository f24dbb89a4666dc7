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
  match: { lead: TEXT, departments: [TEXT], k: NUMBER, specialities: new By(new OrNull(TEXT)) },
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

/** The first place where a value leaves its shape, as a path; undefined where it fits. */
export function misfit(value: unknown, shape: Shape = BUNDLE, where = ''): string | undefined {
  if (shape instanceof OrNull) return value === null ? undefined : misfit(value, shape.shape, where)
  if (shape instanceof RegExp) return typeof value === 'string' && shape.test(value) ? undefined : where
  if (shape === NUMBER) return Number.isSafeInteger(value) && (value as number) >= 0 ? undefined : where
  if (Array.isArray(shape)) {
    if (!Array.isArray(value)) return where
    return first(value, (member, at) => misfit(member, shape[0], `${where}/${at}`))
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return where || '/'
  const members = Object.entries(value)
  if (shape === FREE) return undefined
  if (shape instanceof By) return first(members, ([key, member]) => misfit(member, shape.shape, `${where}/${key}`))
  return misfitOfObject(value as Record<string, unknown>, shape as { [member: string]: Shape }, where)
}

function misfitOfObject(value: Record<string, unknown>, shape: { [member: string]: Shape }, where: string): string | undefined {
  const known = new Set(Object.keys(shape).map((key) => key.replace('?', '')))
  const unknown = Object.keys(value).find((key) => !known.has(key))
  if (unknown !== undefined) return `${where}/${unknown}`
  return first(Object.entries(shape), ([key, inner]) => {
    const name = key.replace('?', '')
    if (Object.hasOwn(value, name)) return misfit(value[name], inner, `${where}/${name}`)
    return key.endsWith('?') ? undefined : `${where}/${name}`
  })
}

function first<T>(things: T[], found: (thing: T, at: number) => string | undefined): string | undefined {
  for (let at = 0; at < things.length; at++) {
    const one = found(things[at]!, at)
    if (one !== undefined) return one
  }
  return undefined
}
