/** The page "is this document genuine". */
import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  { path: 'genuine/:token?', component: () => import('./GenuinePage.vue'), props: true, meta: { needs: 'nobody', title: '文书验真' } },
]
