/** Is a visit code read and judged as the server made it? The frozen codes of tests/cases. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readCode, type SignedDoor } from './visitCode'

interface Case { door: { parts: { items: string[] }[]; visit_no: string }; issued: string; text: string }
const { kid, jwk, good, bad } = JSON.parse(readFileSync('../tests/cases/visit_code.json', 'utf8')) as { kid: string; jwk: JsonWebKey; good: Case[]; bad: { why: string; text: string; verdict: string | null }[] }

describe('readCode', () => {
  it.each(good.map((one, at) => [at, one] as const))('takes the frozen code %i for genuine and reads it whole', async (_, one) => {
    const read = await readCode(`#${one.text}`, [{ kid, jwk }])
    expect(read?.verdict).toBe('genuine')
    const door = read?.door as SignedDoor
    expect([door.visit_no, door.issued]).toEqual([one.door.visit_no, one.issued])
    expect(door.parts.map(({ items, more }) => items.length + more)).toEqual(one.door.parts.map(({ items }) => items.length))
  })
  it.each(bad.map((one) => [one.why, one] as const))('refuses: %s', async (_, one) => {
    expect((await readCode(one.text, [{ kid, jwk }]))?.verdict ?? null).toBe(one.verdict)
  })
  it('says nothing for genuine while no key is known', async () => {
    expect((await readCode(good[0]!.text, []))?.verdict).toBe('unknown_key')
  })
})
