/** The door of the public pages. */
import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  { path: '', component: () => import('./HomePage.vue'), meta: { needs: 'nobody', title: '公示' } },
]
