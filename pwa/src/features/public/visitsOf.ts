/** Which published parts belong to one visit, and what is said of them in one sentence? */
import type { components } from '../../api/types'
import { countWords, longDate } from '../../ui/dayWords'

export type Result = components['schemas']['PublicResult']

export interface PublicVisit {
  /** The part by which the visit is addressed: the one published last. */
  id: string
  day: string
  parts: Result[]
}

/** Each department publishes its own part; parts of one subject, task and day were one visit. Nameless ones stand alone. */
export function visitsOf(results: Result[]): PublicVisit[] {
  const found = new Map<string, PublicVisit>()
  for (const result of results) {
    const { name, credit_code: code } = result.subject
    const whose = code ?? name
    const key = whose ? JSON.stringify([result.region, whose, result.task.no, result.day]) : result.id
    const visit = found.get(key)
    if (visit) visit.parts.push(result)
    else found.set(key, { id: result.id, day: result.day, parts: [result] })
  }
  return [...found.values()]
}

const LEFT_OPEN = '没有记录结果'

export function outcomeWords(item: Result['items'][number]): string {
  return item.outcomes.map((one) => one.label).join('、') || LEFT_OPEN
}

/** 3 个事项：2 个未发现问题，1 个发现问题已责令改正. */
export function outcomesWords(visit: PublicVisit): string {
  const counted = new Map<string, number>()
  const items = visit.parts.flatMap((part) => part.items)
  for (const item of items) counted.set(outcomeWords(item), (counted.get(outcomeWords(item)) ?? 0) + 1)
  const each = [...counted].map(([word, count]) => (counted.size === 1 && count > 1 ? `均${word}` : counted.size === 1 ? word : `${count} 个${word}`))
  return `${items.length} 个事项：${each.join('，')}`
}

/** 三个部门在2026年11月4日一次上门检查. */
export function togetherWords(visit: PublicVisit): string {
  const departments = new Set(visit.parts.map((part) => part.department.id)).size
  const whose = departments > 1 ? `${countWords(departments)}个部门` : visit.parts[0]!.department.name
  return `${whose}在${visit.day ? longDate(visit.day) : '当天'}${departments > 1 ? '一次' : ''}上门检查`
}

export const WITHOUT_NAME = '依法不公开名称的检查对象'
