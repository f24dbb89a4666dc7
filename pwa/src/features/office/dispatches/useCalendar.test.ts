/** Does the page start visits when the server does? One table for both languages. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { startsOf } from './useCalendar'

const { cases } = JSON.parse(readFileSync('../tests/cases/visit_starts.json', 'utf8')) as { cases: { per_day: number; starts: string[] }[] }

it.each(cases)('$per_day a day', ({ per_day, starts }) => expect(startsOf(per_day)).toEqual(starts))
