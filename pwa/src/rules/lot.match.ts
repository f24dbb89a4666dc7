// Who goes where? The choice of inspectors recomputed: twin of backend/onevisit/draws/match.py.
import type { Frozen, Ineligible, InspectorEntry, MatchRules, Shortfall, Team } from './lot.bundle'
import { byTicket, ticketer } from './lot'

export interface Need { department: string; number: number; speciality: string | null }
export interface MatchVisit { leaf: string; subject: string | null; needs: Need[]; already: Set<string> }
type Inspectors = Frozen<InspectorEntry>[]
type Pools = Record<string, string[]>
interface Ranked { leaf: string; ticket: string }

/** Visits that need every department's whole part; `subjects` gives the subject id of a leaf. */
export function visitsInFull(order: string[], subjects: Map<string, string>, rules: MatchRules): MatchVisit[] {
  const needs = rules.departments.map((department) => ({
    department, number: rules.k, speciality: rules.specialities[department] ?? null,
  }))
  return order.map((leaf) => ({ leaf, subject: subjects.get(leaf) ?? null, needs, already: new Set() }))
}

/** Visits of an earlier draw whose missing inspectors are matched by a draw of their own (S1). */
export function visitsShort(
  shortfalls: Shortfall[], subjects: Map<string, string>, already: Map<string, Set<string>>, rules: MatchRules,
): MatchVisit[] {
  const visits = new Map<string, MatchVisit>()
  for (const { visit: leaf, department, missing, speciality } of shortfalls) {
    if (!rules.departments.includes(department)) continue
    const visit = visits.get(leaf) ?? { leaf, subject: subjects.get(leaf) ?? null, needs: [], already: already.get(leaf) ?? new Set() }
    visit.needs.push({ department, number: missing, speciality })
    visits.set(leaf, visit)
  }
  return [...visits.values()]
}

/** Each department's choosable inspectors, and who of the frozen library is in no pool and why; `until`: the window's end. */
export function poolsOf(inspectors: Inspectors, rules: MatchRules, until: string): { pools: Pools; out: Map<string, string> } {
  const serving = new Map<string, string[]>()
  for (const department of rules.departments) {
    for (const home of [department, ...(rules.neighbours?.[department] ?? [])]) serving.set(home, [...(serving.get(home) ?? []), department])
  }
  const pools: Pools = Object.fromEntries(rules.departments.map((department) => [department, []]))
  const out = new Map<string, string>()
  for (const { leaf, entry } of [...inspectors].sort((a, b) => (a.leaf < b.leaf ? -1 : 1))) {
    const reason = whyInNoPool(entry, serving.has(entry.department), until)
    if (reason) out.set(leaf, reason)
    else for (const department of serving.get(entry.department)!) pools[department]!.push(leaf)
  }
  return { pools, out }
}

function whyInNoPool(one: InspectorEntry, serves: boolean, until: string): string | undefined {
  if (!serves) return 'other_department'
  if (one.state !== 'active') return 'not_active'
  if (!one.certificate) return 'no_certificate'
  return one.valid_to < until ? 'certificate_expired' : undefined
}

/** Who of the pools may not go on which visit: recusals, and who is on it from an earlier draw. */
export function barredFrom(visits: MatchVisit[], inspectors: Inspectors, pools: Pools): Ineligible[] {
  const inPool = new Map(Object.entries(pools).map(([department, leaves]) => [department, new Set(leaves)]))
  const away = keptAway(inspectors)
  return visits.flatMap((visit) => {
    const reasons = away(visit)
    const concerned = (leaf: string) => visit.needs.some((need) => inPool.get(need.department)?.has(leaf))
    return [...reasons.keys()].filter(concerned).sort().map((inspector) => ({
      visit: visit.leaf, inspector, reason: reasons.get(inspector)!,
    }))
  })
}

/** The choice itself: least load first, ties by ticket then leaf; who is missing is a shortfall. */
export function teamsOf(visits: MatchVisit[], inspectors: Inspectors, pools: Pools, key: string): { teams: Team[]; shortfalls: Shortfall[] } {
  const away = keptAway(inspectors)
  const skills = new Map(inspectors.map((one) => [one.leaf, one.entry.specialities]))
  const loads = new Loads(pools)
  const teams: Team[] = []
  const shortfalls: Shortfall[] = []
  for (const visit of visits) {
    const ticket = ticketer(key, `match|${visit.leaf}|`)
    const absent = new Set(away(visit).keys())
    for (const { department, number, speciality } of visit.needs) {
      const holds = (leaf: string) => speciality !== null && skills.get(leaf)?.includes(speciality) === true
      // A demanded speciality keeps one place, which stays empty if nobody holds it.
      const chosen = speciality === null ? [] : loads.least(department, 1, absent, holds, ticket)
      for (const leaf of chosen) absent.add(leaf)
      chosen.push(...loads.least(department, speciality === null ? number : number - 1, absent, () => true, ticket))
      for (const leaf of chosen) absent.add(leaf)
      loads.add(chosen)
      teams.push({ visit: visit.leaf, department, inspectors: chosen, leader: chosen[0] ?? null })
      const missing = number - chosen.length
      if (missing > 0) shortfalls.push({ visit: visit.leaf, department, missing, speciality: chosen.some(holds) ? null : speciality })
    }
  }
  return { teams, shortfalls }
}

/** Which inspectors may not go on a visit and why, found by the subject and not by walking the library. */
function keptAway(inspectors: Inspectors): (visit: MatchVisit) => Map<string, string> {
  const leafOf = new Map(inspectors.map((one) => [one.entry.id, one.leaf]))
  const recused = new Map<string, string[]>()
  for (const { leaf, entry } of inspectors) {
    for (const subject of entry.recusals) recused.set(subject, [...(recused.get(subject) ?? []), leaf])
  }
  return ({ subject, already }) => {
    const reasons = new Map<string, string>()
    for (const id of already) if (leafOf.has(id)) reasons.set(leafOf.get(id)!, 'already_on_visit')
    for (const leaf of (subject !== null && recused.get(subject)) || []) reasons.set(leaf, 'recused')
    return reasons
  }
}

/** Each pool's inspectors by how many parts they have in this draw so far. */
class Loads {
  private readonly load = new Map<string, number>()
  constructor(private readonly pools: Pools) {}

  least(department: string, number: number, absent: Set<string>, may: (leaf: string) => boolean, ticket: (leaf: string) => string): string[] {
    const levels = new Map<number, string[]>()
    for (const leaf of this.pools[department] ?? []) {
      if (absent.has(leaf) || !may(leaf)) continue
      const load = this.load.get(leaf) ?? 0
      const level = levels.get(load)
      if (level) level.push(leaf)
      else levels.set(load, [leaf])
    }
    const chosen: string[] = []
    for (const load of [...levels.keys()].sort((a, b) => a - b)) {
      if (chosen.length >= number) break
      const ranked = levels.get(load)!.map((leaf) => ({ leaf, ticket: ticket(leaf) }))
      chosen.push(...smallest(ranked, number - chosen.length).map((one) => one.leaf))
    }
    return chosen
  }

  add(team: string[]): void {
    for (const leaf of team) this.load.set(leaf, (this.load.get(leaf) ?? 0) + 1)
  }
}

/** The few smallest of many, in order; sorting them all would cost more than their tickets. */
function smallest(ranked: Ranked[], number: number): Ranked[] {
  const best: Ranked[] = []
  for (const one of ranked) {
    if (best.length === number && byTicket(best[number - 1]!, one) <= 0) continue
    let at = best.length
    while (at > 0 && byTicket(one, best[at - 1]!) < 0) at--
    best.splice(at, 0, one)
    if (best.length > number) best.pop()
  }
  return best
}
