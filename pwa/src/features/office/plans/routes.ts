/** Which pages has the plan? The list, the import, what was taught, one plan with its rows, its compliance, items, schemes, submissions, versions, reports. */
import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  { path: 'plans', component: () => import('./PlansPage.vue'), meta: { needs: 'account', title: '年度计划', nav: { label: '年度计划', order: 20, roles: ['desk', 'joint_office', 'deputy_head', 'principal_head'] } } },
  { path: 'plans/import', component: () => import('./PlanImportPage.vue'), meta: { needs: 'account', title: '导入计划表', bare: true } },
  { path: 'plans/import/:id', component: () => import('./PlanReadingPage.vue'), meta: { needs: 'account', title: '核对计划表', bare: true } },
  { path: 'plans/corrections', component: () => import('./PlanCorrectionsPage.vue'), meta: { needs: 'account', title: '以后都这样读' } },
  { path: 'plans/:id', component: () => import('./PlanPage.vue'), meta: { needs: 'account', title: '年度计划' } },
  { path: 'plans/:id/compliance', component: () => import('./PlanCompliancePage.vue'), meta: { needs: 'account', title: '合规' } },
  { path: 'plans/:id/items', component: () => import('./PlanItemsPage.vue'), meta: { needs: 'account', title: '事项对应' } },
  { path: 'plans/:id/schemes', component: () => import('./PlanSchemesPage.vue'), meta: { needs: 'account', title: '统筹方案' } },
  { path: 'plans/:id/submissions', component: () => import('./SubmissionsPage.vue'), meta: { needs: 'account', title: '报送情况' } },
  { path: 'plans/:id/versions', component: () => import('./VersionsPage.vue'), meta: { needs: 'account', title: '版本与差异' } },
  { path: 'plans/:id/reports', component: () => import('./ReportsPage.vue'), meta: { needs: 'account', title: '报备备案' } },
]
