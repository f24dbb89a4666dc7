/** How does the record get onto the subject's own phone, and how far is he? Everything sent first, then a link; asked after until he signed (sync.md 6). */
import { computed, onScopeDispose, ref, shallowRef } from 'vue'
import { asProblem, type Problem } from '../api/problem'
import type { components } from '../api/types'
import { useApi } from '../api/useApi'
import type { Manifest } from '../rules/manifest'
import { useSync } from './useSync'

export type SubjectLink = components['schemas']['LinkState'] & { state: 'waiting' | 'opened' | 'signed' | 'expired' | 'withdrawn' }

const ASK_AGAIN = 3_000

export function useSubjectLink(visit: string) {
  const api = useApi()
  const sync = useSync()
  const link = shallowRef<SubjectLink | null>(null)
  const url = ref('')
  const problem = shallowRef<Problem | null>(null)
  const busy = ref(false)
  const path = `/api/visits/${visit}/subject-link`
  let timer: ReturnType<typeof setTimeout> | undefined
  let gone = false

  const post = async (to: string, body: object): Promise<Response> =>
    await api.call(to, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) })

  async function offer(manifest: Manifest, signer: { name: string; role: string }): Promise<void> {
    if (busy.value) return
    busy.value = true
    problem.value = null
    try {
      // The server compares with what it holds: all of it must be there first.
      await sync.value?.now()
      const made = (await (await post(path, { manifest, signer })).json()) as SubjectLink & { url: string }
      url.value = made.url
      link.value = made
      again()
    } catch (error) {
      problem.value = asProblem(error)
    } finally {
      busy.value = false
    }
  }

  async function ask(): Promise<void> {
    try {
      link.value = ((await (await api.call(path)).json()) as { link: SubjectLink | null }).link
      problem.value = null
      // What he signed was written by the server: only now is it here too.
      if (link.value?.state === 'signed') return void (await sync.value?.now())
    } catch (error) {
      problem.value = asProblem(error)
    }
    if (link.value?.state === 'waiting' || link.value?.state === 'opened') again()
  }
  function again(): void {
    clearTimeout(timer)
    if (!gone) timer = setTimeout(() => void ask(), ASK_AGAIN)
  }

  async function withdraw(): Promise<void> {
    clearTimeout(timer)
    await post(`${path}/withdraw`, {}).then(() => ask()).catch((error: unknown) => (problem.value = asProblem(error)))
  }

  onScopeDispose(() => {
    gone = true
    clearTimeout(timer)
  })
  return { link, url, problem, busy, open: computed(() => link.value?.state === 'waiting' || link.value?.state === 'opened'), offer, withdraw }
}
