/** Which pages may anybody open without a login? Fetched only when one is opened. */
import type { RouteRecordRaw } from 'vue-router'
import NotFound from '../../ui/NotFound.vue'
import '../../styles/desk.css'
import './public.css'

const pages = import.meta.glob<{ routes: RouteRecordRaw[] }>('./*/routes.ts', { eager: true })

/** `routes` of a folder have paths relative to /public (`results/:id`). */
export const routes: RouteRecordRaw[] = [
  {
    path: '/public',
    component: () => import('./PublicFrame.vue'),
    meta: { needs: 'nobody' },
    children: [
      ...Object.values(pages).flatMap((page) => page.routes),
      { path: ':rest(.*)*', component: NotFound, meta: { needs: 'nobody' } },
    ],
  },
]
