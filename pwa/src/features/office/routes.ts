/** Which pages has the office? Every folder here brings its own routes; all of it is fetched only when the office is opened. */
import type { RouteRecordRaw } from 'vue-router'
import NotFound from '../../ui/NotFound.vue'
import '../../styles/desk.css'

const pages = import.meta.glob<{ routes: RouteRecordRaw[] }>('./*/routes.ts', { eager: true })

/** `routes` of a folder have paths relative to /office (`plans`, `plans/:id`); meta.nav puts a page into the navigation. */
export const routes: RouteRecordRaw[] = [
  {
    path: '/office',
    component: () => import('./OfficeFrame.vue'),
    meta: { needs: 'account' },
    children: [
      ...Object.values(pages).flatMap((page) => page.routes),
      { path: ':rest(.*)*', component: NotFound, meta: { needs: 'account' } },
    ],
  },
]
