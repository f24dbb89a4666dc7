import { describe, expect, it } from 'vitest'
import { canonical } from './canonical'
import { cases } from './cases'
import { fold } from './fold'
import { differences, exactly, keptManifest, manifest, manifestDigest, shortCode, supplementManifest, type Manifest } from './manifest'
import { parseOperation } from './operations'
import type { SubjectOf, VisitPackage } from './package'

interface Tables {
  package: VisitPackage
  made: { name: string; operations: unknown[]; at: string; supplement: boolean; expect: { manifest: Manifest; digest: string; short_code: string } }[]
  compared: { name: string; subject: SubjectOf; signed: Manifest; operations: unknown[]; held: { operation: unknown; reason: string }[]; expect: unknown }[]
}
const tables = cases<Tables>('manifest_visit')

describe('manifest', () => {
  it.each(tables.made)('of $name', async (row) => {
    const make = row.supplement ? supplementManifest : manifest
    const made = make(tables.package, fold(row.operations.map(parseOperation)), row.at)
    expect(canonical(made)).toBe(canonical(row.expect.manifest))
    expect(await manifestDigest(made)).toBe(row.expect.digest)
    expect(shortCode(row.expect.digest)).toBe(row.expect.short_code)
  })

  it.each(tables.compared)('compared: $name', (row) => {
    const held = row.held.map(({ operation, reason }) => ({ operation: parseOperation(operation), reason }))
    const state = exactly(row.signed, false, row.operations.map(parseOperation), held)
    const kept = keptManifest({ ...tables.package, subject: row.subject }, row.signed, state)
    expect(differences(row.signed, kept)).toEqual(row.expect)
  })
})
