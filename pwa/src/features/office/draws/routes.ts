/** Which pages has the draw? All draws, the preparations, a list taken over, the room. */
import type { RouteRecordRaw } from 'vue-router'

const roles = ['desk', 'joint_office', 'deputy_head', 'principal_head'] as const

export const routes: RouteRecordRaw[] = [
  { path: 'draws', component: () => import('./DrawsPage.vue'), meta: { needs: 'account', title: '抽取', nav: { label: '抽取', order: 22, roles } } },
  { path: 'draws/new', component: () => import('./PreparePage.vue'), meta: { needs: 'account', title: '准备抽取', bare: true } },
  { path: 'draws/inspectors', component: () => import('./PrepareInspectorsPage.vue'), meta: { needs: 'account', title: '准备抽取执法人员', bare: true } },
  { path: 'draws/take-over', component: () => import('./TakeoverPage.vue'), meta: { needs: 'account', title: '接收平台抽取名单', bare: true } },
  { path: 'draws/:id', component: () => import('./DrawRoom.vue'), meta: { needs: 'account', title: '抽取室', bare: true } },
]
