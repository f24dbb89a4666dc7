/** Which pages has the one list 一单? Items, their checklists and versions, the register of what they rest on. */
import type { RouteRecordRaw } from 'vue-router'

const roles = ['desk', 'joint_office', 'deputy_head', 'principal_head'] as const

export const routes: RouteRecordRaw[] = [
  { path: 'items', component: () => import('./ItemsPage.vue'), meta: { needs: 'account', title: '事项与检查表', nav: { label: '事项与检查表', order: 10, roles } } },
  { path: 'items/bases', component: () => import('./BasesPage.vue'), meta: { needs: 'account', title: '法律依据' } },
  { path: 'items/:id/checklist', component: () => import('./ChecklistPage.vue'), meta: { needs: 'account', title: '编辑检查表', bare: true } },
  { path: 'items/:id/versions', component: () => import('./VersionsPage.vue'), meta: { needs: 'account', title: '检查表版本比较', bare: true } },
]
