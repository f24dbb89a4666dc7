/** Where does an office make results public? One table with three states. */
import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  { path: 'publications', component: () => import('./PublicationsPage.vue'), meta: { needs: 'account', title: '公示', nav: { label: '公示', order: 27, roles: ['desk', 'deputy_head', 'principal_head', 'joint_office'] } } },
]
