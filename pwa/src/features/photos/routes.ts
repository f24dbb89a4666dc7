/** Taking photos on the spot, and looking at one that was taken. */
import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  { path: '/visits/:id/photo', component: () => import('./PhotoPage.vue'), props: ({ params, query }) => ({ id: params['id'], item: query['item'] ?? null, entry: query['entry'] ?? null, pages: query['pages'] ?? null, to: query['to'] ?? null }), meta: { title: '拍照' } },
  { path: '/visits/:id/photos/:operation', component: () => import('./PhotoViewPage.vue'), props: true, meta: { title: '照片' } },
  { path: '/visits/:id/photos/:operation/mark', component: () => import('./MarkPage.vue'), props: true, meta: { title: '在照片上标注' } },
]
