/** What is not yet safe? One page, behind the badge of every screen. */
import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [{ path: '/outbox', component: () => import('./OutboxPage.vue'), meta: { title: '待传' } }]
