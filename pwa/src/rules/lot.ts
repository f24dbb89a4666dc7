// Who is drawn? Leaves, Merkle roots, key, tickets and selection of `onevisit-draw/1`: twin of draws/lot.py.
import { canonical } from './canonical'
import { CLASSES, type Counts, RISKIEST_FIRST } from './lot.quota'
import type { Reveal } from './lot.sources'
import { fromHex, hexInto, hmac, nodeHasher, sha256, toHex, utf8 } from './sha256'

export const FORMAT = 'onevisit-draw/1'
const LEAF = Uint8Array.of(0)
const NODE = Uint8Array.of(1)

export interface Drawn { risk: string; leaf: string; ticket: string }
export interface Lot {
  tickets: string[]
  drawn: Drawn[]
  selected: string[]
  thresholds: Record<string, string>
}

/** SHA-256 of the canonical form, at once. */
export function hashOf(value: unknown): string {
  return toHex(sha256(utf8(canonical(value))))
}

/** The hash that binds an entry without showing it. */
export function leafOf(salt: string, entry: unknown): string {
  return toHex(sha256(LEAF, fromHex(salt), utf8(canonical(entry))))
}

/** The tree hash (RFC 6962 shape) of leaf hashes in the order given. */
export function treeHash(hashes: Uint8Array[]): Uint8Array {
  const row = new Uint8Array(32 * hashes.length)
  hashes.forEach((hash, at) => row.set(hash, 32 * at))
  return treeOfRow(row)
}

/** The tree hash of leaf hashes that stand one behind the other; the row is used up. */
function treeOfRow(row: Uint8Array): Uint8Array {
  if (!row.length) return sha256()
  const node = nodeHasher()
  let count = row.length / 32
  while (count > 1) {
    const pairs = count >> 1
    for (let at = 0; at < pairs; at++) node(row, 64 * at, 32 * at)
    // A last node without a sibling goes up as it is.
    if (count % 2) row.copyWithin(32 * pairs, 64 * pairs, 64 * pairs + 32)
    count = pairs + (count % 2)
  }
  return row.slice(0, 32)
}

/** The tree hash of leaf hashes, given in any order. */
export function rootOf(leaves: Iterable<string>): string {
  const sorted = [...leaves].sort()
  const row = new Uint8Array(32 * sorted.length)
  sorted.forEach((leaf, at) => hexInto(leaf, row, 32 * at))
  return toHex(treeOfRow(row))
}

/** The root to which a path leads from leaf `index` of `count`; refuses a path of another length. */
export function rootByPath(leaf: string, index: number, count: number, path: string[]): string {
  if (!(index >= 0 && index < count)) throw new RangeError('leaf index outside the list')
  let here = fromHex(leaf)
  const rest = path.map(fromHex)
  for (let at = index, last = count - 1; last; at = Math.floor(at / 2), last = Math.floor(last / 2)) {
    if (at % 2 === 0 && at === last) continue // a last node without a sibling goes up as it is
    const beside = rest.shift()
    if (!beside) throw new RangeError('path too short for the list')
    here = at % 2 ? sha256(NODE, beside, here) : sha256(NODE, here, beside)
  }
  if (rest.length) throw new RangeError('path too long for the list')
  return toHex(here)
}

/** The Merkle root of each class that has leaves, in commit order. */
export function rootsByClass(leaves: string[], risks: string[]): Record<string, string> {
  const members = byClass(leaves, risks)
  return Object.fromEntries(CLASSES.filter((risk) => members[risk]).map((risk) => [risk, rootOf(members[risk]!)]))
}

/** The draw's key from the commit and every revealed value, in commit order. */
export function keyOf(commitHash: string, reveals: Reveal[]): string {
  const parts = reveals.flatMap(({ id, value }) => [id, value]).flatMap((text) => {
    const bytes = utf8(text)
    const length = new Uint8Array(4)
    new DataView(length.buffer).setUint32(0, bytes.length)
    return [length, bytes]
  })
  const message = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    message.set(part, at)
    at += part.length
  }
  return toHex(hmac(fromHex(commitHash))(message))
}

/** HMAC tickets under the key for messages that begin with `prefix` and end with a leaf. */
export function ticketer(key: string, prefix: string): (leaf: string) => string {
  const mac = hmac(fromHex(key), utf8(prefix))
  const ascii = new Uint8Array(64)
  return (leaf) => {
    if (leaf.length !== 64) throw new RangeError('not a leaf')
    for (let i = 0; i < 64; i++) ascii[i] = leaf.charCodeAt(i)
    return toHex(mac(ascii))
  }
}

/** The ticket of every subject leaf. */
export function ticketsOf(key: string, leaves: string[]): string[] {
  return leaves.map(ticketer(key, 'subject|'))
}

/** The outcome from leaves, classes and quotas alone, as everybody can recompute it. */
export function lotOf(leaves: string[], risks: string[], quota: Counts, key: string): Lot {
  const tickets = ticketsOf(key, leaves)
  const all = leaves.map((leaf, at) => ({ risk: risks[at]!, leaf, ticket: tickets[at]! }))
  const members = byClass(all, risks)
  const drawn = RISKIEST_FIRST.flatMap((risk) => (members[risk] ?? []).sort(byTicket).slice(0, quota[risk] ?? 0))
  return {
    tickets,
    drawn,
    selected: drawn.map((one) => one.leaf),
    thresholds: Object.fromEntries(drawn.map((one) => [one.risk, one.ticket])),
  }
}

/** Drawn leaves by ticket, across the classes: the order in which inspectors are matched. */
export function visitOrder(drawn: Drawn[]): string[] {
  return [...drawn].sort(byTicket).map((one) => one.leaf)
}

export function byTicket(a: { ticket: string; leaf: string }, b: { ticket: string; leaf: string }): number {
  return compareText(a.ticket, b.ticket) || compareText(a.leaf, b.leaf)
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function byClass<T>(things: T[], risks: string[]): Record<string, T[]> {
  const members: Record<string, T[]> = {}
  things.forEach((thing, at) => (members[risks[at]!] ??= []).push(thing))
  return members
}
