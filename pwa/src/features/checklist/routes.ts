/** Checking: one item's entries, what was done on the spot about them, and what came out. */
import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  { path: '/visits/:id/checklist/:item', component: () => import('./ChecklistPage.vue'), props: true, meta: { title: '检查表' } },
  { path: '/visits/:id/method', component: () => import('./MethodPage.vue'), props: true, meta: { title: '检查方式' } },
  { path: '/visits/:id/add-item', component: () => import('./AddItemPage.vue'), props: true, meta: { title: '增加检查事项' } },
  { path: '/visits/:id/experts', component: () => import('./ExpertsPage.vue'), props: true, meta: { title: '专业人员协助' } },
  { path: '/visits/:id/measure', component: () => import('./MeasurePage.vue'), props: ({ params, query }) => ({ id: params['id'], item: query['item'] ?? null, entry: query['entry'] ?? null, kind: query['kind'] ?? null }), meta: { title: '现场措施' } },
  { path: '/visits/:id/results/:part?', component: () => import('./ResultsPage.vue'), props: true, meta: { title: '结果' } },
]
