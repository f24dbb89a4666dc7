/** The page of the item list. */
import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  { path: 'items', component: () => import('./ItemsPage.vue'), meta: { needs: 'nobody', title: '抽查事项清单' } },
]
