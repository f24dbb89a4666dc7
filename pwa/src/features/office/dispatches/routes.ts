/** Which pages has the dispatch? */
import type { RouteRecordRaw } from 'vue-router'

const roles = ['desk', 'joint_office', 'deputy_head', 'principal_head'] as const

export const routes: RouteRecordRaw[] = [
  { path: 'dispatches', component: () => import('./DispatchesPage.vue'), meta: { needs: 'account', title: '派发', nav: { label: '派发', order: 23, roles } } },
  { path: 'dispatches/ledger', component: () => import('./LedgerPage.vue'), meta: { needs: 'account', title: '工作任务台账' } },
  { path: 'dispatches/calendar', component: () => import('./CalendarPage.vue'), meta: { needs: 'account', title: '上门日程', nav: { label: '上门日程', order: 24, roles: ['desk', 'inspector'] } } },
  { path: 'dispatches/:task/calendar', component: () => import('./CalendarPage.vue'), meta: { needs: 'account', title: '日程' } },
  { path: 'tasks/:task/scheme', component: () => import('./SchemePage.vue'), meta: { needs: 'account', title: '抽查方案' } },
  { path: 'dispatches/:task', component: () => import('./BoardPage.vue'), meta: { needs: 'account', title: '派发' } },
]
