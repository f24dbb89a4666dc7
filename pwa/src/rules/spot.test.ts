import { describe, expect, it } from 'vitest'
import { digest } from './canonical'
import { cases } from './cases'
import { fold } from './fold'
import { gaps, progress, signaturesNeeded } from './gaps'
import { manifest } from './manifest'
import { parseOperation } from './operations'
import type { VisitPackage } from './package'

interface Row { name: string; required: boolean; operations: unknown[]; expect: { gaps: unknown; progress: unknown; signatures: number; methods: unknown; items: string[]; digest: string } }
const table = cases<{ package: VisitPackage; at: string; cases: Row[] }>('spot_visit')
const POLICE = table.package.parts[0]!.department.id

describe('on the spot', () => {
  it.each(table.cases)('$name', async (row) => {
    const visit = structuredClone(table.package)
    visit.profile.check_on_site.required = row.required
    const state = fold(row.operations.map(parseOperation))
    const made = manifest(visit, state, table.at)
    expect(gaps(state, visit, POLICE)).toEqual(row.expect.gaps)
    expect(progress(state, visit)).toEqual(row.expect.progress)
    expect(signaturesNeeded(state, visit, POLICE)).toBe(row.expect.signatures)
    expect(made.header.methods).toEqual(row.expect.methods)
    expect(made.parts.flatMap((part) => part.items.map(({ id }) => id))).toEqual(row.expect.items)
    expect(await digest(made)).toBe(row.expect.digest)
  })
})
