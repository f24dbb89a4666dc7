/** What went wrong, and when may it be tried again? The one error of everything that talks to the server (RFC 9457). */

export type Retry = 'now' | 'later' | 'after_login' | 'never'
const RETRIES: readonly string[] = ['now', 'later', 'after_login', 'never']

export class Problem extends Error {
  override readonly name = 'Problem'

  constructor(
    /** `step.what_is_wrong`; what never reached the server is `net.…`. */
    readonly code: string,
    /** A Chinese sentence for people. */
    readonly detail: string,
    readonly retry: Retry,
    readonly status = 0,
    readonly request: string | null = null,
    readonly extra: Readonly<Record<string, unknown>> = {},
  ) {
    super(`${code}: ${detail}`)
  }
}

export const unreachable = (request: string | null): Problem =>
  new Problem('net.unreachable', '没有连上服务器。', 'later', 0, request)

export const tooSlow = (request: string | null): Problem =>
  new Problem('net.too_slow', '网络太慢，服务器没有及时回答。', 'later', 0, request)

/** A good status without our content type: the login page of a Wi-Fi answered, not our server. */
export const captive = (request: string | null): Problem =>
  new Problem('net.captive_portal', '连上的网络要先登录（或被拦截），没有到达服务器。', 'later', 0, request)

export const loginNeeded = (request: string | null = null): Problem =>
  new Problem('accounts.login_needed', '登录已过期，请重新登录。', 'after_login', 401, request)

/** Any error as a Problem, so that a screen has one shape to show. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  return new Problem('app.unexpected', '程序出错，这一步没有完成。', 'later', 0, null, { cause: String(error) })
}

/** Reads a refusal. What we cannot read, or do not know, counts as later: never as success, never as delete. */
export async function problemOf(response: Response, request: string | null): Promise<Problem> {
  const told = isOurs(response) ? await response.json().catch(() => null) : null
  if (typeof told !== 'object' || told === null) {
    return new Problem('net.unreadable', `服务器的回答读不懂（${response.status}）。`, 'later', response.status, request)
  }
  const { code, detail, retry, type: _type, title: _title, status: _status, ...extra } = told as Record<string, unknown>
  return new Problem(
    typeof code === 'string' ? code : 'net.unknown',
    typeof detail === 'string' ? detail : `服务器没有接受（${response.status}）。`,
    typeof retry === 'string' && RETRIES.includes(retry) ? (retry as Retry) : 'later',
    response.status,
    request,
    extra,
  )
}

const OURS = /^application\/(json|problem\+json|vnd\.onevisit\.[\w+.-]+)\b/

/** Did our server write this, or something between us and it? */
export function isOurs(response: Response): boolean {
  return OURS.test(response.headers.get('Content-Type') ?? '')
}
