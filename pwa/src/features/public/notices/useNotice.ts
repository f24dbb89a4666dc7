/** The notice behind a link, and what its subject says back. Looking is no receipt: only a tap with a name is. */
import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { told } from '../../../api/client'
import { asProblem, type Problem } from '../../../api/problem'
import { useApi } from '../../../api/useApi'
import { useLoaded, type Loaded } from '../../../api/useLoaded'
import type { components } from '../../../api/types'

export type Notice = components['schemas']['NoticePage']
type Slot = components['schemas']['Slot']

export interface Says { busy: Ref<boolean>; problem: ShallowRef<Problem | null> }
export interface NoticeRead {
  notice: Loaded<Notice>
  says: Says
  receive(name: string): Promise<boolean>
  propose(name: string, reason: string, slots: Slot[]): Promise<boolean>
  tellHours(name: string, hours: string): Promise<boolean>
}

export function useNotice(token: string): NoticeRead {
  const api = useApi()
  const path = { token }
  const notice = useLoaded(() => told(api.http.GET('/api/public/notices/{token}', { params: { path } })))
  const says: Says = { busy: ref(false), problem: shallowRef(null) }

  async function say(act: () => Promise<{ data?: Notice }>): Promise<boolean> {
    if (says.busy.value) return false
    says.busy.value = true
    says.problem.value = null
    try {
      await act()
      await notice.load()
      return true
    } catch (error) {
      says.problem.value = asProblem(error)
      if (says.problem.value.code === 'dispatches.notice_changed') await notice.load()
      return false
    } finally {
      says.busy.value = false
    }
  }
  return {
    notice, says,
    receive: (name) => say(() => api.http.POST('/api/public/notices/{token}/receipt', { params: { path }, body: { name, version: notice.value.value?.version ?? 0 } })),
    propose: (name, reason, slots) => say(() => api.http.POST('/api/public/notices/{token}/proposals', { params: { path }, body: { name, reason, slots } })),
    tellHours: (name, hours) => say(() => api.http.POST('/api/public/notices/{token}/hours', { params: { path }, body: { name, hours } })),
  }
}
