/** Which pages have the list and the two libraries? */
import type { RouteRecordRaw } from 'vue-router'

const roles = ['desk', 'joint_office', 'deputy_head', 'principal_head'] as const

export const routes: RouteRecordRaw[] = [
  { path: 'items', component: () => import('./ItemsPage.vue'), meta: { needs: 'account', title: '事项与检查表', nav: { label: '事项与检查表', order: 10, roles } } },
  { path: 'subjects', component: () => import('./SubjectsPage.vue'), meta: { needs: 'account', title: '检查对象', nav: { label: '检查对象', order: 11, roles } } },
  { path: 'inspectors', component: () => import('./InspectorsPage.vue'), meta: { needs: 'account', title: '执法人员', nav: { label: '执法人员', order: 12, roles } } },
  { path: ':library(items|subjects|inspectors)/import', component: () => import('./LibraryImportPage.vue'), meta: { needs: 'account', title: '导入名录', bare: true } },
]
