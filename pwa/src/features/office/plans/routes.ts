/** Which pages has the plan? The list, one plan with its rows, the import. */
import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  { path: 'plans', component: () => import('./PlansPage.vue'), meta: { needs: 'account', title: '年度计划', nav: { label: '年度计划', order: 20, roles: ['desk', 'joint_office', 'deputy_head', 'principal_head'] } } },
  { path: 'plans/import', component: () => import('./PlanImportPage.vue'), meta: { needs: 'account', title: '导入计划表', bare: true } },
  { path: 'plans/:id', component: () => import('./PlanPage.vue'), meta: { needs: 'account', title: '年度计划' } },
]
