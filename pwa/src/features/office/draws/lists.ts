/** Which list stands open over the page? The ways to ask for a draw's lists and for those of a task not yet frozen. */
import { told } from '../../../api/client'
import type { useApi } from '../../../api/useApi'
import type { components } from '../../../api/types'

type Page = components['schemas']['ListPage']
export type Part = 'pool' | 'excluded' | 'inspectors' | 'added' | 'removed' | 'changed'
export interface Opened { title: string; hint?: string; ask: (after: number, words: string) => Promise<Page> }

export function listOfDraw(api: ReturnType<typeof useApi>, id: string, part: Part, title: string, reason?: string): Opened {
  return {
    title,
    ...(part === 'pool' || part === 'excluded' ? { hint: '冻结时的名单；叶值写进承诺，改一户就对不上。' } : {}),
    ask: async (after, words) => await told(api.http.GET('/api/draws/{draw_id}/list', { params: { path: { draw_id: id }, query: { part, after, q: words, ...(reason ? { reason } : {}) } } })),
  }
}

export function listOfTask(api: ReturnType<typeof useApi>, task: string, part: Part, title: string, reason?: string): Opened {
  return {
    title,
    hint: '现在冻结会是这样；冻结前名录库还可以改。',
    ask: async (after, words) => await told(api.http.GET('/api/draws/candidates', { params: { query: { task_id: task, part, after, q: words, ...(reason ? { reason } : {}) } } })),
  }
}
