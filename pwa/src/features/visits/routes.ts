/** What is mine to do, and one visit from arriving to leaving. */
import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  { path: '/', component: () => import('./MyTasksPage.vue'), meta: { title: '我的任务' } },
  { path: '/scan', component: () => import('./ScanPage.vue'), meta: { title: '扫营业执照' } },
  { path: '/visits/:id', component: () => import('./VisitPage.vue'), props: true, meta: { title: '上门' } },
  { path: '/visits/:id/code', component: () => import('./CodePage.vue'), props: true, meta: { title: '亮码' } },
]
