/** The pages of published results. */
import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  { path: 'results', component: () => import('./ResultsPage.vue'), meta: { needs: 'nobody', title: '检查结果' } },
  { path: 'results/:id', component: () => import('./ResultPage.vue'), props: true, meta: { needs: 'nobody', title: '检查结果' } },
]
