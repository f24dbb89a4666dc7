/** What came from another phone, how far is it, and what was wrong with it? By camera, or by file and key. */
import { computed, ref, shallowRef } from 'vue'
import { PhoneProblem } from '../../local/problem'
import { useStore } from '../../local/usePhone'
import { useVisit } from '../../local/useVisit'
import { watchFilm } from '../../sync/frames'
import { takeIn, type TakenLog } from '../../sync/relay'
import { isRelayFile, isRelayKey, openFile } from '../../sync/relayFile'

export function useTaking(id: string) {
  const store = useStore()
  const open = useVisit(id)
  const progress = shallowRef<{ have: number; blocks: number } | null>(null)
  const taken = shallowRef<{ visit: string; logs: TakenLog[] } | null>(null)
  const problem = shallowRef<PhoneProblem | null>(null)
  const file = shallowRef<File | null>(null)
  const busy = ref(false)
  let watch = watchFilm()
  let queue: Promise<void> = Promise.resolve()
  let [last, began] = ['', 0]
  const took = ref(0)

  /** Every code the camera reads, in turn; the same picture twice costs nothing. */
  function read(text: string): void {
    if (text === last || taken.value || busy.value) return
    last = text
    queue = queue.then(() => one(text)).catch((error: unknown) => fail(error))
  }

  async function one(text: string): Promise<void> {
    if (taken.value) return
    if (isRelayKey(text)) {
      if (!file.value) return void (problem.value = new PhoneProblem('relay.no_file', '这是文件的钥匙。请先选中对方传来的文件，再扫它。'))
      return await keep(await openFile(file.value, text))
    }
    if (file.value) return
    const seen = await watch(text)
    if (!seen) return
    if (seen.fresh) began = performance.now()
    progress.value = { have: seen.have, blocks: seen.blocks }
    if (seen.message) await keep(seen.message)
  }

  async function keep(message: Uint8Array<ArrayBuffer>): Promise<void> {
    busy.value = true
    problem.value = null
    try {
      took.value = Math.round(performance.now() - began)
      taken.value = await takeIn(store, message)
      navigator.vibrate?.(120)
    } finally {
      busy.value = false
    }
  }

  function fail(error: unknown): void {
    problem.value = error instanceof PhoneProblem ? error : new PhoneProblem('relay.not_kept', '没有存上，请再收一次。')
    again(false)
  }

  /** Ready for the next phone. */
  function again(clean = true): void {
    watch = watchFilm()
    last = ''
    progress.value = null
    taken.value = null
    if (clean) [problem.value, file.value] = [null, null]
  }

  async function choose(chosen: File): Promise<void> {
    again()
    if (await isRelayFile(chosen)) file.value = chosen
    else problem.value = new PhoneProblem('relay.not_ours', '这不是从“交给别的手机”存出来的文件，请换一个。')
  }

  return { open, progress, taken, took, problem, file, busy, read, again, choose, percent: computed(() => (progress.value ? Math.floor((100 * progress.value.have) / progress.value.blocks) : 0)) }
}
