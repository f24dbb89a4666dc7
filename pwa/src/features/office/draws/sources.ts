/** What is typed of the parties of chance before the freeze? */
import type { components } from '../../../api/types'

export type SourceGiven = components['schemas']['DrawSourceGiven']
export interface SourceTyped { kind: SourceGiven['kind']; department: string; name: string }
type Named = { id: string; short_name: string }

/** As it will be called: what is typed, else the department's short name. */
export function nameOf(source: SourceTyped, departments: readonly Named[]): string {
  return source.name.trim() || (departments.find((one) => one.id === source.department)?.short_name ?? '')
}

/** Two parties to begin with, the given departments first. */
export function firstSources(departments: readonly { id: string }[]): SourceTyped[] {
  const found: SourceTyped[] = departments.slice(0, 2).map((one) => ({ kind: 'commit_reveal', department: one.id, name: '' }))
  while (found.length < 2) found.push({ kind: 'commit_reveal', department: '', name: '' })
  return found
}

/** What is still wrong with them; empty: nothing. */
export function whyNotSources(sources: readonly SourceTyped[], departments: readonly Named[]): string {
  if (sources.some((one) => one.kind === 'commit_reveal' && !one.department)) return '每个随机来源选一个部门。'
  const parties = sources.filter((one) => one.kind === 'commit_reveal').map((one) => one.department)
  if (new Set(parties).size < parties.length) return '每个先承诺后揭示的来源要由不同的部门负责。'
  const names = sources.map((one) => nameOf(one, departments))
  if (names.some((one) => !one) || new Set(names).size < names.length) return '随机来源的名称不能空白或重复。'
  return ''
}

export function sourcesGiven(sources: readonly SourceTyped[], departments: readonly Named[]): SourceGiven[] {
  return sources.map((one) => ({ name: nameOf(one, departments), kind: one.kind, department_id: one.department || null }))
}
