/** Which pages have the tasks? */
import type { RouteRecordRaw } from 'vue-router'

const roles = ['desk', 'joint_office', 'deputy_head', 'principal_head'] as const

export const routes: RouteRecordRaw[] = [
  { path: 'tasks', component: () => import('./TasksPage.vue'), meta: { needs: 'account', title: '抽查任务', nav: { label: '抽查任务', order: 21, roles } } },
  { path: 'tasks/:id', component: () => import('./TaskPage.vue'), meta: { needs: 'account', title: '抽查任务' } },
]
