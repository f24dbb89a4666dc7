/** The pages of draws. */
import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  { path: 'draws', component: () => import('./DrawsPage.vue'), meta: { needs: 'nobody', title: '抽取' } },
  { path: 'draws/:no', component: () => import('./DrawPage.vue'), props: true, meta: { needs: 'nobody', title: '验算抽取' } },
]
