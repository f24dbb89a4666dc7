/** The pages of published plans. */
import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  { path: 'plans', component: () => import('./PlansPage.vue'), meta: { needs: 'nobody', title: '抽查计划' } },
  { path: 'plans/:id', component: () => import('./PlanPage.vue'), props: true, meta: { needs: 'nobody', title: '抽查计划' } },
]
