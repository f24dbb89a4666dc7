/** What would typed class ratios draw? Reckoned in the browser by the same rules as the lot. */
import type { components } from '../../../api/types'
import { quotas, type Counts } from '../../../rules/lot.quota'
import { Refused } from '../../../rules/refused'
import { decimalOf } from '../words'

type Readiness = components['schemas']['Readiness']
export interface Preview { quotas: Counts; quota: number; above: boolean; wrong: string }

export function previewOf(task: { ratio: { bound: string } | null }, readiness: Readiness, typed: Record<string, string>): Preview | null {
  const plan = readiness.arithmetic
  if (!plan) return null
  const written = Object.entries(typed).filter(([, text]) => text.trim())
  const planned = Object.fromEntries(plan.classes.map((step) => [step.risk, step.quota]))
  if (!written.length) return { quotas: planned, quota: plan.quota, above: false, wrong: '' }
  const none = { quotas: planned, quota: plan.quota, above: false }
  if (!plan.planned_ratio) return { ...none, wrong: '按户数抽取，不能填分类比例。' }
  const ratios = Object.fromEntries(written.map(([risk, text]) => [risk, decimalOf(text)]))
  if (Object.values(ratios).includes(null)) return { ...none, wrong: '分类比例应是 0 到 100 的数。' }
  if (plan.classes.some((step) => !ratios[step.risk])) return { ...none, wrong: '分类比例要么每类都填，要么都不填。' }
  try {
    const bound = task.ratio?.bound === 'at_least' || task.ratio?.bound === 'at_most' ? task.ratio.bound : 'exact'
    const multipliers = Object.fromEntries(plan.classes.map((step) => [step.risk, step.multiplier]))
    const found = quotas({ ratio: decimalOf(plan.planned_ratio), bound, class_ratios: ratios as Record<string, string>, multipliers, rounding: bound === 'at_most' ? 'floor' : 'ceil', number: null, batch: readiness.batch ? { number: readiness.batch.number, of: readiness.batch.of, drawn: readiness.batch.by_risk } : null }, readiness.pool.by_risk)
    const quota = Object.values(found).reduce((sum, one) => sum + one, 0)
    return { quotas: found, quota, above: quota > plan.quota, wrong: '' }
  } catch (error) {
    return { ...none, wrong: error instanceof Refused ? error.detail : '这些比例算不出应抽数。' }
  }
}
