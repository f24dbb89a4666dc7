/** Where does one come in? Online login, the PIN of this phone, a new PIN. */
import type { RouteRecordRaw } from 'vue-router'
import UnlockPage from './UnlockPage.vue'

export const routes: RouteRecordRaw[] = [
  { path: '/unlock', component: UnlockPage, meta: { needs: 'nobody', title: '解锁' } },
  { path: '/login', component: () => import('./LoginPage.vue'), meta: { needs: 'nobody', title: '登录' } },
  { path: '/pin', component: () => import('./PinPage.vue'), meta: { needs: 'nobody', title: '设置本机口令' } },
]
