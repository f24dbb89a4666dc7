/** How far is a visit for me, and what is the one next step? Derived from the folded record, never kept. */
import { isSigned } from '../../local/amend'
import { offSite, type PartProgress } from '../../rules/gaps'
import type { PartOf, VisitPackage } from '../../rules/package'
import type { PartStateOf, StateOf } from '../../rules/state'

export const STEP_WORDS = ['到达', '亮码', '检查', '汇总', '确认'] as const

export interface Standing {
  visit: VisitPackage
  state: StateOf
  part: PartOf | null
  inspector: string | null
  leading: boolean
  /** The code was held out on this phone. */
  shown: boolean
  progress: readonly PartProgress[]
}

export interface NextStep { words: string; to: string | null; act: 'arrive' | 'leave' | null }

const mineOf = ({ state, part }: Standing): PartStateOf | undefined => (part ? state.parts[part.department.id] : undefined)

const registered = (kind: 'arrive' | 'leave', { state, part, inspector }: Standing): boolean =>
  part !== null && `${kind}/${part.department.id}/${inspector}` in state.registers

/** Nobody goes there: nothing to arrive at and nothing to leave (S0). */
const fromAfar = (standing: Standing): boolean => offSite(mineOf(standing)?.record)

/** Whether anything of the check itself was written: then the code was surely shown. */
const begun = (standing: Standing): boolean => Object.keys(mineOf(standing)?.record.answers ?? {}).length > 0

/** How many of the five steps are behind me. */
export function stepsDone(standing: Standing): number {
  const mine = mineOf(standing)
  const [confirmed, ready] = [isSigned(mine?.state), mine?.state === 'ready']
  if (confirmed) return 5
  const together = standing.visit.parts.every(({ department }) => ['ready', 'locked'].includes(standing.state.parts[department.id]?.state ?? 'open'))
  if (ready) return together ? 4 : 3
  if (fromAfar(standing)) return 2
  if (!registered('arrive', standing)) return 0
  return standing.shown || begun(standing) ? 2 : 1
}

export function nextStep(standing: Standing): NextStep | null {
  const { visit, part } = standing
  if (!part) return null
  const at = (place: string): string => `/visits/${visit.id}/${place}`
  const mine = mineOf(standing)
  if (mine?.state === 'returned') return { words: '改退回的地方', to: at(placeOfReturned(standing, mine)), act: null }
  if (isSigned(mine?.state)) return afterSigning(standing, mine!, at)
  const done = stepsDone(standing)
  if (done === 0) return { words: '已到达，亮码', to: null, act: 'arrive' }
  if (done === 1) return { words: '亮码', to: at('code'), act: null }
  if (done >= 3) return { words: done === 4 && standing.leading ? '请当事人核对' : '看汇总', to: at('gather'), act: null }
  return checking(standing, at)
}

function checking({ part, progress }: Standing, at: (place: string) => string): NextStep {
  const mine = progress.find((one) => one.part === part!.department.id)
  const item = mine?.items.find((one) => one.answered < one.entries && one.outcomes.length === 0)
  if (!item) return { words: '看结果', to: at('results'), act: null }
  return { words: mine!.answered === 0 ? '开始检查' : `接着检查，还有 ${mine!.entries - mine!.answered} 条`, to: at(`checklist/${item.item}`), act: null }
}

function afterSigning(standing: Standing, mine: PartStateOf, at: (place: string) => string): NextStep | null {
  const confirmation = standing.state.confirmations.find(({ id }) => id === mine.lock?.confirmation)
  if (mine.to_sign_again && standing.leading) return { words: '改动请当事人再确认', to: at('confirm'), act: null }
  if (confirmation && !confirmation.signs.some(({ inspector }) => inspector === standing.inspector)) return { words: '请您签字', to: at('sealed'), act: null }
  if (!fromAfar(standing) && !registered('leave', standing)) return { words: '离开，结束上门', to: null, act: 'leave' }
  return mine.state === 'locked' ? { words: '提交审核', to: at('results'), act: null } : null
}

function placeOfReturned({ part }: Standing, mine: PartStateOf): string {
  const item = mine.review.returned.find((one) => !one.answered && part!.items.some(({ id }) => id === one.item))?.item
  return item ? `checklist/${item}` : 'results'
}
