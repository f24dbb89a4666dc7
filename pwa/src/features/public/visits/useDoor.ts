/** Who is at the door: told by the server, or without a network by the code itself, whose signature this page checks. */
import { computed, ref, watch, type ComputedRef, type Ref } from 'vue'
import { told } from '../../../api/client'
import { useApi } from '../../../api/useApi'
import { useLoaded, type Loaded } from '../../../api/useLoaded'
import type { components } from '../../../api/types'
import { readCode, type CodeVerdict, type DoorKey, type SignedDoor } from '../../../rules/visitCode'
import { keepDoor, keptKeys, rememberKey } from './doorKept'

export type Door = components['schemas']['Code']
export interface DoorShown {
  server: Loaded<Door>
  signed: Ref<{ verdict: CodeVerdict; door: SignedDoor | null } | null>
  /** The server's word where there is one: it knows who was replaced since the phone had its network. */
  door: ComputedRef<Door | SignedDoor | null>
  offline: ComputedRef<boolean>
  /** The server answers, but has not heard that the inspectors are there: their phone may have no network. */
  early: ComputedRef<boolean>
}

export function useDoor(token: () => string, code: () => string): DoorShown {
  const api = useApi()
  const signed = ref<DoorShown['signed']['value']>(null)
  const server = useLoaded(() => told(api.http.GET('/api/public/visits/{token}', { params: { path: { token: token() } } })))
  const check = async (): Promise<void> => { signed.value = code() ? await readCode(code(), keptKeys()) : null }
  const learn = async (): Promise<void> => {
    try {
      rememberKey((await told(api.http.GET('/api/public/draws/key'))) as unknown as DoorKey)
    } catch {
      return // no network: the keys that are kept must do
    }
    await check()
    await keepDoor()
  }
  void check().then(learn)
  watch([token, code], () => { void server.load(); void check() })

  const offline = computed(() => server.value.value === null && signed.value?.door !== null && signed.value !== null && server.problem.value !== null)
  const door = computed(() => server.value.value ?? (offline.value ? signed.value!.door : null))
  const early = computed(() => offline.value && server.problem.value?.code === 'visits.code_not_yet')
  return { server, signed, door, offline, early }
}
