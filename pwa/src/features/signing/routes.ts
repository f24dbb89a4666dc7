/** How does what was checked become what was signed? Gather, confirm, sign or refuse, seal; all without a network. */
import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  { path: '/visits/:id/gather', component: () => import('./GatherPage.vue'), props: true, meta: { title: '汇总' } },
  { path: '/visits/:id/confirm', component: () => import('./ConfirmPage.vue'), props: true, meta: { title: '核对记录' } },
  { path: '/visits/:id/sign', component: () => import('./SignPage.vue'), props: true, meta: { title: '签字' } },
  { path: '/visits/:id/refuse', component: () => import('./RefusePage.vue'), props: true, meta: { title: '拒绝签字' } },
  { path: '/visits/:id/sealed', component: () => import('./SealedPage.vue'), props: true, meta: { title: '确认' } },
]
