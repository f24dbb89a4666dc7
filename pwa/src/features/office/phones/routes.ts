/** Where do those who answer for phones see what each still owes, and stop a lost one? */
import type { RouteRecordRaw } from 'vue-router'

const roles = ['desk', 'joint_office', 'deputy_head', 'principal_head', 'system_admin', 'security_admin']
export const routes: RouteRecordRaw[] = [
  { path: 'phones', component: () => import('./FleetPage.vue'), meta: { needs: 'account', title: '执法手机', nav: { label: '执法手机', order: 28, roles } } },
]
