/** Which pages have the list and the two libraries? */
import type { RouteRecordRaw } from 'vue-router'

const roles = ['desk', 'joint_office', 'deputy_head', 'principal_head'] as const

export const routes: RouteRecordRaw[] = [
  { path: 'subjects', component: () => import('./SubjectsPage.vue'), meta: { needs: 'account', title: '检查对象', nav: { label: '检查对象', order: 11, roles } } },
  { path: 'inspectors', component: () => import('./InspectorsPage.vue'), meta: { needs: 'account', title: '执法人员', nav: { label: '执法人员', order: 12, roles } } },
  { path: 'subjects/new', component: () => import('./SubjectFormPage.vue'), meta: { needs: 'account', title: '新增检查对象', bare: true } },
  { path: 'subjects/scales', component: () => import('./ScalesPage.vue'), meta: { needs: 'account', title: '部门等级表' } },
  { path: 'subjects/:id/edit', component: () => import('./SubjectFormPage.vue'), meta: { needs: 'account', title: '修改检查对象', bare: true } },
  { path: 'inspectors/new', component: () => import('./InspectorFormPage.vue'), meta: { needs: 'account', title: '新增执法人员', bare: true } },
  { path: 'inspectors/:id/edit', component: () => import('./InspectorFormPage.vue'), meta: { needs: 'account', title: '修改执法人员', bare: true } },
  { path: 'libraries/changes', component: () => import('./ChangesPage.vue'), meta: { needs: 'account', title: '名录库变更历史' } },
  { path: 'libraries/corrections', component: () => import('./CorrectionsPage.vue'), meta: { needs: 'account', title: '名录更正建议', nav: { label: '名录更正建议', order: 14, roles } } },
  { path: 'libraries/health', component: () => import('./HealthPage.vue'), meta: { needs: 'account', title: '名录库体检', nav: { label: '名录库体检', order: 13, roles } } },
  { path: ':library(subjects|inspectors|risk|grades|items)/import', component: () => import('./LibraryImportPage.vue'), meta: { needs: 'account', title: '导入名录', bare: true } },
  { path: ':library(subjects|inspectors|risk|grades|items)/import/:id', component: () => import('./ImportPage.vue'), meta: { needs: 'account', title: '导入名录', bare: true } },
]
