/** Which pages greet? The desk with what waits, and the search. */
import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  { path: '', component: () => import('./HomePage.vue'), meta: { needs: 'account', title: '工作台', nav: { label: '工作台', order: 0 } } },
  { path: 'find', component: () => import('./FindPage.vue'), meta: { needs: 'account', title: '搜索' } },
]
