/** The page behind the visit code. */
import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  { path: 'visits/:token', component: () => import('./DoorPage.vue'), props: true, meta: { needs: 'nobody', title: '谁来检查' } },
]
