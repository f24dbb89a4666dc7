/** Which visits are mine, and how far is each? For 我的任务. */
import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import type { VisitPackage } from '../rules/package'
import type { StateOf } from '../rules/state'
import { visitLog, type VisitLog } from './log'
import { stateOf } from './record'
import { useStore } from './usePhone'
import { packages } from './visits'

export interface MyVisit { visit: VisitPackage; state: StateOf; /** Operations only this phone has. */ unsent: number }

export function useVisits(): { visits: Readonly<ShallowRef<readonly MyVisit[]>>; loaded: Readonly<Ref<boolean>> } {
  const store = useStore()
  const logs = new Map<string, VisitLog>()
  const visits = shallowRef<readonly MyVisit[]>([])
  const loaded = ref(false)

  async function one(visit: VisitPackage): Promise<MyVisit> {
    const log = logs.get(visit.id) ?? visitLog(store, visit.id)
    logs.set(visit.id, log)
    const known = await log.read()
    return { visit, state: stateOf(known), unsent: known.filter((operation) => operation.state === 'here').length }
  }

  async function read(): Promise<void> {
    visits.value = await Promise.all((await packages(store)).map(one))
    loaded.value = true
  }

  let reading: Promise<void> | null = null
  const soon = (): void => {
    reading ??= new Promise<void>((resolve) => setTimeout(resolve, 100)).then(() => {
      reading = null
      return read()
    }).catch(() => undefined)
  }
  onScopeDispose(store.changes.listen((change) => { if (change.what !== 'files') soon() }))
  void read().catch(() => (loaded.value = true))
  return { visits, loaded }
}
