/** Who reviews on the phone, and what? Online screens: what is reviewed lies on the server. */
import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  { path: '/reviews', component: () => import('./QueuePage.vue'), meta: { title: '审核' } },
  { path: '/reviews/:visit/:department', component: () => import('./ReviewPage.vue'), props: true, meta: { title: '审核' } },
]
