/** What does this phone show so that another one can take its record in? A film of codes, or a file and its key. */
import { computed, onBeforeUnmount, onMounted, ref, shallowRef } from 'vue'
import { handOver } from '../../local/handOver'
import { useAttempt } from '../../local/useAttempt'
import { useStore } from '../../local/usePhone'
import { useVisit } from '../../local/useVisit'
import { filmOf } from '../../sync/frames'
import { packVisit } from '../../sync/relay'
import { sealFile, type SealedFile } from '../../sync/relayFile'

/** A weak camera reads five pictures a second; what it misses, later ones make good. */
const PICTURE = 160
/** What a film of this many pictures takes when a third is lost. */
const seconds = (blocks: number): number => Math.max(1, Math.ceil((blocks * 1.5 * PICTURE) / 1000))

export function useHandOver(id: string) {
  const store = useStore()
  const open = useVisit(id)
  const { problem, attempt } = useAttempt()
  const film = shallowRef<Awaited<ReturnType<typeof filmOf>> | null>(null)
  const facts = shallowRef<{ operations: number; bytes: number; seconds: number } | null>(null)
  const picture = ref('')
  const sealed = shallowRef<SealedFile | null>(null)
  const told = ref('')
  let message: Uint8Array<ArrayBuffer> | null = null
  let timer: ReturnType<typeof setInterval> | undefined
  let awake: WakeLockSentinel | null = null

  async function prepare(): Promise<void> {
    const packed = await attempt(() => packVisit(store, id))
    if (!packed) return
    message = packed.bytes
    film.value = await filmOf(message)
    facts.value = { operations: packed.operations, bytes: message.length, seconds: seconds(film.value.blocks) }
    let n = 0
    picture.value = film.value.picture(n)
    timer = setInterval(() => (picture.value = film.value!.picture(++n)), PICTURE)
  }

  async function share(): Promise<void> {
    if (!message) return
    sealed.value ??= await sealFile(message, `onevisit-${open.visit.value?.visit_no.replaceAll(/[^\w-]/g, '') ?? 'visit'}`)
    const done = await handOver(sealed.value.file)
    told.value = { shared: '文件已交出。请对方选中它，再扫这把钥匙。', saved: '文件已存到本机的“下载”里，请传给对方，再请对方扫这把钥匙。', left: '' }[done]
  }

  onMounted(() => {
    void prepare()
    // The screen is the sender: it must not go dark in between.
    void navigator.wakeLock?.request('screen').then((lock) => (awake = lock)).catch(() => undefined)
  })
  onBeforeUnmount(() => {
    clearInterval(timer)
    void awake?.release().catch(() => undefined)
  })
  return { open, problem, facts, picture, sealed, told, share, blocks: computed(() => film.value?.blocks ?? 0) }
}
