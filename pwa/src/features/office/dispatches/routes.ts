/** Which pages has the dispatch? */
import type { RouteRecordRaw } from 'vue-router'

const roles = ['desk', 'joint_office', 'deputy_head', 'principal_head'] as const

export const routes: RouteRecordRaw[] = [
  { path: 'dispatches', component: () => import('./DispatchesPage.vue'), meta: { needs: 'account', title: '派发', nav: { label: '派发', order: 23, roles } } },
  { path: 'dispatches/ledger', component: () => import('./LedgerPage.vue'), meta: { needs: 'account', title: '工作任务台账' } },
  { path: 'dispatches/:task', component: () => import('./BoardPage.vue'), meta: { needs: 'account', title: '派发' } },
]
