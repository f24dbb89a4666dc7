/** Which of my visits belong to today, this week, later, are overdue, returned or done? */
import type { MyVisit } from '../../local/useVisits'
import type { PartOf, SubjectOf, Todo } from '../../rules/package'
import type { PartStateCode } from '../../rules/state'
import { leaders } from '../../rules/team'
import { addDays, NO_CALENDAR, knows, weekday, workingDaysBetween } from '../../rules/workdays'

export const TABS = ['today', 'week', 'returned', 'overdue', 'later', 'done'] as const
export type Tab = (typeof TABS)[number]

export interface Due { days: number; date: string; provisional: boolean }

/** Something sent back: to whom the work returns, in the words of who sent it. */
export interface ReturnedThing { id: string; visit: string; subject: string; text: string; due: Due | null; to: string }

export interface Card {
  id: string
  my: MyVisit
  part: PartOf | null
  mine: PartStateCode
  leading: boolean
  begun: boolean
  due: Due | null
  tab: Exclude<Tab, 'returned'>
  returned: ReturnedThing[]
}

const FINISHED: readonly PartStateCode[] = ['submitted', 'accepted']

export function cardOf(my: MyVisit, inspector: string | null, today: string): Card {
  const { visit, state } = my
  const part = visit.parts.find(({ team }) => team.some(({ id }) => id === inspector)) ?? null
  const mine = (part && state.parts[part.department.id]?.state) ?? 'open'
  const begun = Object.keys(state.registers).some((name) => name.startsWith('arrive/'))
  const due = dueOf(visit.due?.day ?? visit.window.end, my, today)
  const card = { id: visit.id, my, part, mine, leading: inspector !== null && leaders(visit, state).includes(inspector), begun, due }
  return { ...card, tab: tabOf(card, today), returned: returnedOf(my, part, due, today) }
}

function dueOf(date: string | null, { visit }: MyVisit, today: string): Due | null {
  if (!date) return null
  const calendar = visit.calendar ?? NO_CALENDAR
  const [first, last] = date < today ? [date, today] : [today, date]
  return { days: workingDaysBetween(today, date, calendar), date, provisional: !knows(first, last, calendar) }
}

function tabOf({ my: { visit }, mine, begun, due }: Pick<Card, 'my' | 'mine' | 'begun' | 'due'>, today: string): Card['tab'] {
  if (FINISHED.includes(mine)) return 'done'
  if (begun || visit.scheduled?.day === today) return 'today'
  if (due && due.date < today) return 'overdue'
  const day = visit.scheduled?.day ?? due?.date
  if (!day) return 'later'
  // A day that was planned and passed without a visit is still to be done this week.
  return day <= addDays(today, 7 - weekday(today)) ? 'week' : 'later'
}

function returnedOf(my: MyVisit, part: PartOf | null, due: Due | null, today: string): ReturnedThing[] {
  const { visit, state } = my
  const thing = (id: string, item: string | null, text: string, own: Due | null): ReturnedThing => ({
    id, visit: visit.id, subject: visit.subject.name, text, due: own,
    to: item && part?.items.some((one) => one.id === item) ? `/visits/${visit.id}/checklist/${item}` : `/visits/${visit.id}`,
  })
  const review = (part && state.parts[part.department.id]?.review.returned) ?? []
  const open = review.filter((one) => !one.answered).map((one) => thing(one.id, one.item, one.reason, due))
  const answered = new Set(review.filter((one) => one.answered).map((one) => one.id))
  const known = new Set(review.map((one) => one.id))
  const owed = (todo: Todo): boolean => todo.operation === null || !(known.has(todo.operation) || answered.has(todo.operation))
  return [...open, ...visit.todos.filter(owed).map((todo) => thing(todo.id, todo.item, todo.text, dueOf(todo.due_day, my, today) ?? due))]
}

/** Planned ones by their hour, then what is due first. */
export function inOrder(a: Card, b: Card): number {
  const key = ({ begun, mine, due, my: { visit } }: Card): string =>
    [begun && mine === 'open' ? 0 : 1, visit.scheduled?.day ?? '9', visit.scheduled?.time ?? '99:99', due?.date ?? '9', visit.id].join('|')
  return key(a) < key(b) ? -1 : 1
}

/** By name, or by any piece of the credit code, without minding case and blanks. */
export function matches(subject: Pick<SubjectOf, 'name' | 'credit_code' | 'address'>, query: string): boolean {
  const wanted = query.replaceAll(/\s/g, '').toUpperCase()
  return wanted === '' || [subject.name, subject.credit_code, subject.address].some((text) => text?.replaceAll(/\s/g, '').toUpperCase().includes(wanted))
}
