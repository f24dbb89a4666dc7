import { describe, expect, it } from 'vitest'
import { cases } from './cases'
import { BadOperation, digestMatches, isKnown, operationHash, parseOperation, registerOf, sameContent, signedText, valueOf } from './operations'
import { SHAPES } from './shapes'

interface Good { operation: { kind: string; seq: number }; expect: { hash: string; known: boolean; register: string | null; value: unknown } }
interface Bad { name: string; operation: unknown; expect: { code: string; field: string | null } }

describe('operations', () => {
  it('have the same bodies in both languages', () => {
    expect(SHAPES).toEqual(cases('operations_shapes'))
  })

  it.each(cases<Good[]>('operations_valid'))('reads $operation.kind $operation.seq', async ({ operation, expect: wanted }) => {
    const read = parseOperation(operation)
    expect(await operationHash(read)).toBe(wanted.hash)
    expect(isKnown(read)).toBe(wanted.known)
    expect(await digestMatches(read)).toBe(true)
    if (!wanted.known) return
    expect(registerOf(read)).toBe(wanted.register)
    if (wanted.register !== null) expect(valueOf(read)).toEqual(wanted.value)
  })

  it.each(cases<Bad[]>('operations_invalid'))('refuses $name', async ({ operation, expect: wanted }) => {
    if (wanted.code === 'operation.digest_mismatch') {
      expect(await digestMatches(parseOperation(operation))).toBe(false)
      return
    }
    let found: unknown
    try {
      parseOperation(operation)
    } catch (problem) {
      found = problem
    }
    expect(found).toBeInstanceOf(BadOperation)
    expect(found).toMatchObject({ code: wanted.code, field: wanted.field })
  })

  it('are the same fact when re-chained in another log', () => {
    const one = parseOperation(cases<Good[]>('operations_valid')[1]!.operation)
    expect(sameContent(one, { ...one, device: 'phone-1b', seq: 1, prev: null })).toBe(true)
    expect(sameContent(one, { ...one, by: 'ma' })).toBe(false)
  })

  it('are signed over their last hash', () => {
    expect(signedText('d', 'v', 1, 3, 'abc')).toBe('onevisit-bundle/1|d|v|1|3|abc')
  })
})
