/** What does a visit code say by itself, and is it genuine? Read and checked without a network (twin of visits/signed_code.py). */

export interface DoorKey { kid: string; jwk: JsonWebKey }

export interface SignedDoor {
  visit_no: string
  issued: string
  task: string
  issuer: string
  subject: { name: string; credit_code: string | null }
  year_count: number
  cap: number | null
  window: { start: string; end: string }
  parts: { department: string; initiating: boolean; inspectors: { name: string; certificate: string | null; leads: boolean }[]; items: string[]; more: number }[]
}

/** genuine: signed by the key we know; unknown_key: by another one; broken: changed or cut off. */
export type CodeVerdict = 'genuine' | 'unknown_key' | 'broken'

interface Facts {
  v: string; i: string; t: string; o: string; s: [string, string | null]; n: [number, number | null]; w: [string, string]
  p: [string, [string, string | null, 0 | 1][], string[] | number][]
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (sign) => sign.charCodeAt(0))
}

async function inflated(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'))).text()
}

function doorOf(facts: Facts): SignedDoor {
  return {
    visit_no: facts.v, issued: facts.i, task: facts.t, issuer: facts.o,
    subject: { name: facts.s[0], credit_code: facts.s[1] }, year_count: facts.n[0], cap: facts.n[1],
    window: { start: facts.w[0], end: facts.w[1] },
    parts: facts.p.map(([department, people, items], at) => ({
      department, initiating: at === 0,
      inspectors: people.map(([name, certificate, leads]) => ({ name, certificate, leads: leads === 1 })),
      items: Array.isArray(items) ? items : [], more: Array.isArray(items) ? 0 : items,
    })),
  }
}

/** What stands behind #; null where nothing does. */
export async function readCode(text: string, keys: readonly DoorKey[]): Promise<{ verdict: CodeVerdict; door: SignedDoor | null } | null> {
  const [format, kid, body, signature, ...rest] = text.replace(/^#/, '').split('.')
  if (format !== '1' || !kid || !body || !signature || rest.length) return null
  const key = keys.find((one) => one.kid === kid)
  try {
    const door = doorOf(JSON.parse(await inflated(bytesOf(body))) as Facts)
    if (!key) return { verdict: 'unknown_key', door }
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
    const imported = await crypto.subtle.importKey('jwk', key.jwk, algorithm, false, ['verify'])
    const good = await crypto.subtle.verify(algorithm, imported, bytesOf(signature), new TextEncoder().encode(`${format}.${kid}.${body}`))
    return good ? { verdict: 'genuine', door } : { verdict: 'broken', door: null }
  } catch {
    return { verdict: 'broken', door: null }
  }
}
