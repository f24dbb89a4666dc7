/** What does a held operation say, in a sentence or two the leader can judge it by? */
import type { Operation } from '../../rules/operations'
import type { VisitPackage } from '../../rules/package'
import { visits_answer, visits_kind } from '../../terms/visits'

export function heldWords(visit: VisitPackage, operation: Operation | undefined, kind: string): { title: string; text: string } {
  const title = visits_kind[kind] ?? kind
  if (!operation) return { title, text: '内容不在这部手机上' }
  const body = operation.body as Record<string, unknown>
  const item = visit.parts.flatMap((part) => part.items).find((one) => one.id === body['item'])
  const entry = item?.checklist.entries.find((one) => one.id === body['entry'])
  const value = typeof body['value'] === 'string' ? (visits_answer[body['value']] ?? body['value']) : ''
  const said = ['note', 'text', 'caption', 'reason', 'number'].flatMap((name) => (typeof body[name] === 'string' && body[name] !== '' ? [body[name]] : []))
  return { title, text: [item?.name, entry ? `第 ${entry.no} 条 ${entry.text}` : '', value, ...said].filter(Boolean).join('　') }
}
