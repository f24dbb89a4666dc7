/** In which order and which groups do my visits stand? By the day, the deadline or the distance; together, by task or by township. */
import { metresBetween } from '../../local/position'
import type { Position } from '../../rules/package'
import { inOrder, type Card } from './sections'

export const SORTS = { day: '按日程', due: '按期限', near: '按远近' } as const
export const GROUPS = { none: '不分组', task: '按任务', place: '按乡镇' } as const
export type Sort = keyof typeof SORTS
export type Grouping = keyof typeof GROUPS
export interface CardGroup { name: string | null; cards: Card[] }

const TOWNSHIP = /(?:^|[省州市县区旗盟])([^省州市县区旗盟\s\d]{1,8}?(?:街道|镇|乡|苏木))/

/** The township of the address; the region where the address names none. */
export const placeOf = ({ my: { visit } }: Card): string => TOWNSHIP.exec(visit.subject.address)?.[1] ?? visit.region.name

export function metresTo({ my: { visit } }: Card, here: Position | null): number | null {
  const there = visit.subject.position
  return here && there ? metresBetween(here, there) : null
}

export function sorted(cards: readonly Card[], sort: Sort, here: Position | null): Card[] {
  const key: (card: Card) => number = sort === 'due' ? ({ due }) => due?.days ?? Infinity : (card) => metresTo(card, here) ?? Infinity
  if (sort === 'day') return [...cards].sort(inOrder)
  return [...cards].sort((a, b) => { const [one, two] = [key(a), key(b)]; return one === two ? inOrder(a, b) : one < two ? -1 : 1 })
}

/** Groups in the order in which their first card stands. */
export function grouped(cards: readonly Card[], by: Grouping): CardGroup[] {
  if (by === 'none') return [{ name: null, cards: [...cards] }]
  const groups = new Map<string, Card[]>()
  for (const card of cards) {
    const name = by === 'task' ? card.my.visit.task.name : placeOf(card)
    groups.set(name, [...(groups.get(name) ?? []), card])
  }
  return [...groups].map(([name, own]) => ({ name, cards: own }))
}

/** What has to be said about an order by distance; null where nothing is missing. */
export function distanceWords(cards: readonly Card[], here: Position | null, asking: boolean): string | null {
  if (asking) return '正在取本机位置…'
  if (!here) return '没有取得本机位置（没有允许定位，或信号不好），先按日程排。'
  const unknown = cards.filter((card) => card.my.visit.subject.position === null).length
  return unknown ? `${unknown} 家在名录库里没有位置，排在后面。` : null
}
