/** How is a draw checked here? Its files come from the server or from disk, the reckoning is this browser's. */
import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { told, type Api } from '../../../api/client'
import { asProblem } from '../../../api/problem'
import { useApi } from '../../../api/useApi'
import type { Checked } from './check'
import { beside } from './beside'
import type { Progress } from './check.worker'

export interface CheckedFile extends Checked { name: string; bytes: number }
export interface DrawCheck {
  phase: Ref<'idle' | 'fetching' | 'checking'>
  done: ShallowRef<CheckedFile | null>
  refused: Ref<string>
  progress: Ref<Progress | null>
  stop(): void
  fetched(no: string): Promise<void>
  files(chosen: File[]): Promise<void>
  text(text: string): Promise<Checked>
}

/** A bundle of a hundred thousand tickets is some 20 MB. */
const DOWNLOAD = 300_000
type Key = { kid: string; pem: string } | null

const opened = (): Worker => new Worker(new URL('./check.worker.ts', import.meta.url), { type: 'module' })

const bundleText = async (api: Api, no: string): Promise<string> => (await api.call(`/api/public/draws/${encodeURIComponent(no)}/bundle`, { open: true, timeout: DOWNLOAD })).text()

/** The bundles of the task's other draws, where this one only draws people for subjects drawn before. */
async function earlierTexts(api: Api, no: string, text: string): Promise<string[]> {
  if (!text.includes('"subjects_draw"')) return []
  const { task_no: task } = await told(api.http.GET('/api/public/draws/{no}', { params: { path: { no } } }))
  const { items } = await told(api.http.GET('/api/public/draws', { params: { query: { task, limit: 250 } } }))
  return await Promise.all(items.filter((one) => one.has_bundle && one.no !== no && one.state === 'drawn').map((one) => bundleText(api, one.no)))
}

export function useCheck(): DrawCheck {
  const api = useApi()
  const phase = ref<'idle' | 'fetching' | 'checking'>('idle')
  const done = shallowRef<CheckedFile | null>(null)
  const refused = ref('')
  const progress = ref<Progress | null>(null)
  let turn = 0
  let giveUp = new AbortController()
  onScopeDispose(stop)

  /** What runs is ended; what was found before stays. */
  function stop(): void {
    turn += 1
    giveUp.abort(new Error('验算已取消。'))
    phase.value = 'idle'
    progress.value = null
  }

  /** Without a network a file from disk is still recomputed; only its signature stays open. */
  const publicKey = (): Promise<Key> => told(api.http.GET('/api/public/draws/key')).catch(() => null)

  async function checked(read: () => Promise<{ texts: string[]; name: string }>): Promise<void> {
    stop()
    const mine = turn
    giveUp = new AbortController()
    phase.value = 'fetching'
    refused.value = ''
    try {
      const [{ texts, name }, key] = await Promise.all([read(), publicKey()])
      if (mine !== turn) return
      phase.value = 'checking'
      const result = await beside(opened(), { texts, key }, (one) => { if (mine === turn) progress.value = one }, giveUp.signal)
      if (mine === turn) done.value = { ...result, name, bytes: new Blob(texts.slice(0, 1)).size }
    } catch (error) {
      if (mine !== turn) return
      const problem = asProblem(error)
      done.value = null
      refused.value = problem.code === 'app.unexpected' && error instanceof Error ? error.message : problem.detail
    } finally {
      if (mine === turn) {
        phase.value = 'idle'
        progress.value = null
      }
    }
  }

  return {
    phase,
    done,
    refused,
    progress,
    stop,
    fetched: (no) => checked(async () => {
      const text = await bundleText(api, no)
      return { texts: [text, ...(await earlierTexts(api, no, text))], name: `${no}.json` }
    }),
    files: (chosen) => checked(async () => ({ texts: await Promise.all(chosen.map((file) => file.text())), name: chosen.map((file) => file.name).join('、') })),
    text: async (text) => await beside(opened(), { texts: [text], key: await publicKey() }, () => undefined),
  }
}
