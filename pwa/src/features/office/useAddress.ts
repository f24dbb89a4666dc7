/** Which filters and which row are chosen? They stand in the address, so that a list can be sent and gone back to. */
import { computed, type WritableComputedRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'

/** One value of the address; setting it away goes without a trace in the history. */
export function useAddress(name: string, ...forgets: string[]): WritableComputedRef<string> {
  const route = useRoute()
  const router = useRouter()
  return computed({
    get: () => {
      const given = route.query[name]
      return typeof given === 'string' ? given : ''
    },
    set: (value) => {
      const query = { ...route.query }
      for (const other of forgets) delete query[other]
      if (value) query[name] = value
      else delete query[name]
      void router.replace({ query, hash: route.hash })
    },
  })
}
