/** What does the register say of a code, and what can be said of a file? The last question asked is the one shown. */
import { ref, type Ref } from 'vue'
import { told } from '../../../api/client'
import type { components } from '../../../api/types'
import { useApi } from '../../../api/useApi'
import { useLoaded, type Loaded } from '../../../api/useLoaded'

export type Checked = components['schemas']['Checked'] & { name: string }
export type Genuine = components['schemas']['Genuine']
/** A paper with photographs is large, and the line may be slow. */
const UPLOAD = 120_000

export interface GenuineQuestion {
  asked: Ref<'code' | 'file' | null>
  code: Loaded<Genuine>
  file: Loaded<Checked>
  lookUp(token: string): Promise<void>
  check(file: File): Promise<void>
}

export function useGenuine(): GenuineQuestion {
  const api = useApi()
  const asked = ref<'code' | 'file' | null>(null)
  let token = ''
  let chosen: File | null = null

  const code = useLoaded(() => told(api.http.GET('/api/public/papers/{code_or_token}', { params: { path: { code_or_token: token } } })), false)
  const file = useLoaded(async () => {
    const body = new FormData()
    body.append('file', chosen!)
    const answer = await api.call('/api/public/papers/check', { method: 'POST', body, open: true, timeout: UPLOAD })
    return { ...((await answer.json()) as components['schemas']['Checked']), name: chosen!.name }
  }, false)

  return {
    asked,
    code,
    file,
    lookUp: (given) => ((token = given), (asked.value = 'code'), (code.value.value = null), code.load()),
    check: (given) => ((chosen = given), (asked.value = 'file'), (file.value.value = null), file.load()),
  }
}
