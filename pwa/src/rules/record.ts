/** What do a part's operations come to, as plain values that a manifest carries? The twin of visits/part_record.py. */

import type { MethodValue } from './bodies'
import { SETS, WITHDRAWALS, type Operation } from './operations'
import { bare, onlyValue } from './registers'
import type { PartStateOf, RecordOf, Register } from './state'

/** The plain values of a part; a register in conflict has none. */
export function recordOf(content: Operation[], registers: Record<string, Register>): RecordOf {
  const record = {
    answers: bare(), findings: bare(), transcript: null, facts: bare(), experts: bare(), items: bare(),
    notes: [], photos: [], audio: [], papers: [], samples: [], evidence: [], measures: [],
  } as unknown as RecordOf & Record<string, unknown>
  for (const [name, register] of Object.entries(registers)) {
    const value = onlyValue(register)
    if (value !== null) put(record, name.split('/'), value)
  }
  const gone = withdrawalsOf(content)
  for (const { id, by, kind, body } of content) {
    if (!Object.hasOwn(SETS, kind) || gone.has(id)) continue
    // Shelves that came later stand in a record only when something is on them: what was signed before stays equal.
    ;((record[SETS[kind]!] ??= []) as unknown[]).push({ id, by, ...body })
  }
  return record
}

function put(record: RecordOf & Record<string, unknown>, [prefix, one, two]: string[], value: unknown): void {
  if (prefix === 'answer') {
    const answer = value as { value: string | null; note: string | null; phrases: string[] }
    if (answer.value === null && answer.note === null && answer.phrases.length === 0) return
    record.answers[one!] ??= bare()
    record.answers[one!]![two!] = answer
  } else if (prefix === 'finding') record.findings[one!] = value as RecordOf['findings'][string]
  else if (prefix === 'transcript') record.transcript = value as RecordOf['transcript']
  // It stands there only when one was set.
  else if (prefix === 'method') record.method = value as MethodValue
  else (record[`${prefix}s`] as Record<string, unknown>)[two!] = value
}

/** target -> its withdrawals; one of another kind withdraws nothing. */
function withdrawalsOf(content: Operation[]): Map<string, Operation[]> {
  const shelves = new Map(content.filter(({ kind }) => Object.hasOwn(SETS, kind)).map(({ id, kind }) => [id, SETS[kind]]))
  const gone = new Map<string, Operation[]>()
  for (const operation of content) {
    if (!Object.hasOwn(WITHDRAWALS, operation.kind)) continue
    const { target } = operation.body as { target: string }
    if (shelves.get(target) !== WITHDRAWALS[operation.kind]) continue
    if (!gone.has(target)) gone.set(target, [])
    gone.get(target)!.push(operation)
  }
  return gone
}

/** What was taken back, with the reason; the bytes stay. */
export function withdrawnOf(content: Operation[]): PartStateOf['withdrawn'] {
  const gone = withdrawalsOf(content)
  return content
    .filter(({ id }) => gone.has(id))
    .map(({ id, kind, by, body }) => ({
      id,
      kind,
      by,
      body,
      withdrawals: gone.get(id)!.map((taken) => ({ id: taken.id, by: taken.by, reason: (taken.body as { reason: string }).reason })),
    }))
}
