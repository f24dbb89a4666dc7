/** Makes a rescue file of this phone's unsent work, or carries somebody's in. */
import { ref, shallowRef } from 'vue'
import { asProblem, Problem } from '../../api/problem'
import { useApi } from '../../api/useApi'
import { PhoneProblem } from '../../local/problem'
import { useStore } from '../../local/usePhone'
import { carryIn, type Carried } from '../../sync/carry'
import { makeRescue, type RescueCount, type RescueFile } from '../../sync/rescue'

export function useRescue() {
  const api = useApi()
  const store = useStore()
  const busy = ref<'make' | 'carry' | null>(null)
  const count = shallowRef<RescueCount | null>(null)
  const made = shallowRef<RescueFile | null>(null)
  const carried = shallowRef<Carried | null>(null)
  const problem = shallowRef<Problem | PhoneProblem | null>(null)

  async function attempt(what: 'make' | 'carry', work: () => Promise<void>): Promise<void> {
    busy.value = what
    problem.value = null
    try {
      await work()
    } catch (error) {
      problem.value = error instanceof PhoneProblem ? error : asProblem(error)
    } finally {
      busy.value = null
    }
  }
  const make = (): Promise<void> => attempt('make', async () => { made.value = await makeRescue(store, (now) => (count.value = now)) })
  const carry = (file: File): Promise<void> => attempt('carry', async () => {
    carried.value = null
    carried.value = await carryIn(api, file, (now) => (carried.value = now))
  })

  /** The phone's own share sheet; where there is none, the file is kept among the downloads. */
  const asFile = ({ blob, name }: RescueFile): File => new File([blob], name, { type: 'text/plain' })
  const sharable = (file: RescueFile): boolean => typeof navigator.canShare === 'function' && navigator.canShare({ files: [asFile(file)] })
  const share = (file: RescueFile): Promise<void> => navigator.share({ files: [asFile(file)] }).catch(() => undefined)
  function save({ blob, name }: RescueFile): void {
    const link = Object.assign(document.createElement('a'), { href: URL.createObjectURL(blob), download: name })
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
  }
  return { busy, count, made, carried, problem, make, carry, sharable, share, save }
}
