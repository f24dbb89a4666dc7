/** What does the page ask of the server? Opening the link and signing; both by POST, so that no preview of a chat app burns it. */
import type { Manifest } from '../../rules/manifest'

export interface Opened {
  state: 'open' | 'signed'
  manifest: Manifest | null
  digest: string
  short_code: string
  expires_at: string | null
  signer: { name: string; role: string } | null
  roles: { code: string; label: string }[]
  stamp_reason: boolean
  record_url: string | null
}
export interface Signature { digest: string; signer: { name: string; role: string }; objection: string | null; no_stamp_reason: string | null; strokes: number[][][]; png: string }

/** A refusal in words; `again`: trying once more may help. */
export class Refusal extends Error {
  constructor(readonly detail: string, readonly again: boolean) {
    super(detail)
  }
}

const NAME = 'onevisit-subject'

/** A name this browser gives itself, so that the link is this one's. Where nothing is kept, it lasts as long as the page. */
let unkept = ''
function browser(): string {
  try {
    const known = localStorage.getItem(NAME)
    if (known) return known
    localStorage.setItem(NAME, fresh())
    return localStorage.getItem(NAME) || (unkept = unkept || fresh())
  } catch {
    return (unkept = unkept || fresh())
  }
}
const fresh = (): string => Array.from(crypto.getRandomValues(new Uint8Array(24)), (byte) => ('0' + byte.toString(16)).slice(-2)).join('')

export const token = (): string => location.hash.slice(1)

async function ask(path: string, body: object): Promise<Opened> {
  let answer: Response
  try {
    answer = await fetch(`/api/public/subject-links/${path}`, { method: 'POST', headers: { 'Content-Type': 'application/json', Accept: 'application/json' }, body: JSON.stringify({ token: token(), browser: browser(), ...body }), credentials: 'omit' })
  } catch {
    throw new Refusal('没有连上服务器，什么都没有丢。请看看网络，再试一次。', true)
  }
  const told = (await answer.json().catch(() => null)) as (Opened & { detail?: string; retry?: string }) | null
  if (answer.ok && told) return told
  throw new Refusal((told && told.detail) || '服务器暂时没有回应，请过一会儿再试。', !told || told.retry !== 'never' || answer.status === 429)
}

export const begin = (): Promise<Opened> => ask('begin', {})
export const sign = (signature: Signature): Promise<Opened> => ask('sign', signature)
