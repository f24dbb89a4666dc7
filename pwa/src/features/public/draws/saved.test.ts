/** Does the saved page take keys and proofs in the forms in which people have them? */
import { expect, it } from 'vitest'
import { keyIn, proofIn } from './saved'

const pem = '-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----\n'

it('a key is known by its name', () => {
  expect(keyIn({ name: 'abc123.pem', text: pem })).toEqual({ kid: 'abc123', pem })
  expect(keyIn({ name: 'key.json', text: JSON.stringify({ kid: 'abc123', pem, jwk: {} }) })).toEqual({ kid: 'abc123', pem })
  for (const text of ['', 'null', '{"kid":1,"pem":"x"}', '{"commit":{}}', '[']) expect(keyIn({ name: 'a.json', text })).toBeNull()
})

it('a proof is found in the whole of what a code says', () => {
  const proof = 'AQ'.padEnd(80, 'x')
  expect(proofIn(proof)).toBe(proof)
  expect(proofIn(`https://example.gov.cn/public/draws/1#proof=${proof}`)).toBe(proof)
  expect(proofIn(`#proof=${proof}`)).toBe(proof)
  expect(proofIn('你好')).toBeNull()
})
