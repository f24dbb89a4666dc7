/** The page behind the link of a check notice. */
import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  { path: 'notices/:token', component: () => import('./NoticePage.vue'), props: true, meta: { needs: 'nobody', title: '检查告知书' } },
]
