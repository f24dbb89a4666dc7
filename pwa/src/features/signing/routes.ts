/** How does what was checked become what was signed? Gather (by network, film or file), confirm, sign or refuse, seal; all without a network. */
import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  { path: '/visits/:id/gather', component: () => import('./GatherPage.vue'), props: true, meta: { title: '汇总' } },
  { path: '/visits/:id/hand', component: () => import('./HandPage.vue'), props: true, meta: { title: '交给别的手机' } },
  { path: '/visits/:id/take', component: () => import('./TakePage.vue'), props: true, meta: { title: '收别人的记录' } },
  { path: '/visits/:id/confirm', component: () => import('./ConfirmPage.vue'), props: true, meta: { title: '核对记录' } },
  { path: '/visits/:id/own-phone', component: () => import('./OwnPhonePage.vue'), props: true, meta: { title: '当事人自己的手机' } },
  { path: '/visits/:id/sign', component: () => import('./SignPage.vue'), props: true, meta: { title: '签字' } },
  { path: '/visits/:id/refuse', component: () => import('./RefusePage.vue'), props: true, meta: { title: '拒绝签字' } },
  { path: '/visits/:id/sealed', component: () => import('./SealedPage.vue'), props: true, meta: { title: '确认' } },
]
