/** Which screen stands at which address, and who may see it? Each feature brings its own routes; office and public ones are fetched when first opened. */
import { createRouter, createWebHistory, type RouteLocationNormalized, type Router, type RouteRecordRaw } from 'vue-router'
import type { Api } from './api/client'
import { holdVisit } from './local/open'
import type { Phone } from './local/phone'
import NotFound from './ui/NotFound.vue'
import NotHere from './ui/NotHere.vue'

declare module 'vue-router' {
  interface RouteMeta {
    /** Who may enter: an unlocked phone (default), a signed-in account, or anybody. */
    needs?: 'phone' | 'account' | 'nobody'
    title?: string
  }
}

interface Feature { routes: RouteRecordRaw[] }

/** What one meets first; the router sorts every route it is given, which a weak phone feels. */
const FIRST = import.meta.glob<Feature>('./features/{login,visits}/routes.ts', { eager: true })
const FIELD = import.meta.glob<Feature>('./features/{outbox,phone,checklist,photos,evidence,signing,reviews}/routes.ts', { eager: true })

/** Groups whose routes, pages and component library stay off the phone until somebody opens them. */
const GROUPS: Record<string, () => Promise<Feature>> = {
  office: () => import('./features/office/routes'),
  public: () => import('./features/public/routes'),
}

/** Milliseconds: until then the first screen has the phone for itself. */
const AFTER_FIRST = 1_500
/** Where one lands when the files of a screen are neither on the phone nor within reach. */
const NOT_HERE = '/not-here'
const wanted = (to: unknown): string => (typeof to === 'string' && /^\/(?![/\\])/.test(to) ? to : '/')

export function createAppRouter(phone: Phone, api: Api): Router {
  const router = createRouter({
    history: createWebHistory(),
    scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 }),
    routes: [
      ...Object.values(FIRST).flatMap((feature) => feature.routes),
      ...Object.keys(GROUPS).map((name): RouteRecordRaw => ({ path: `/${name}/:rest(.*)*`, name, component: NotFound, beforeEnter: (to) => open(name, to), meta: { needs: 'nobody' } })),
      { path: NOT_HERE, component: NotHere, props: ({ query }) => ({ to: wanted(query['to']) }), meta: { needs: 'nobody', title: '要联网' } },
      { path: '/:rest(.*)*', component: NotFound, beforeEnter: (to) => addField() ? to.fullPath : true, meta: { needs: 'nobody' } },
    ],
  })

  /** The other field screens join when one of them is asked for, or once the first screen stands. */
  let field = Object.values(FIELD).flatMap((feature) => feature.routes)
  function addField(): boolean {
    const fresh = field.length > 0
    for (const route of field) router.addRoute(route)
    field = []
    return fresh
  }
  void router.isReady().then(() => setTimeout(addField, AFTER_FIRST))

  /** Puts the group's own routes in the place of its door, then goes on to where the user wanted. */
  async function open(name: string, to: RouteLocationNormalized): Promise<string> {
    const { routes } = await GROUPS[name]!()
    router.removeRoute(name)
    for (const route of routes) router.addRoute(route)
    return to.fullPath
  }

  router.beforeEach(async (to) => {
    const needs = to.meta.needs ?? 'phone'
    if (needs === 'nobody' || (needs === 'phone' && phone.store.value)) return true
    const query = to.fullPath === '/' ? {} : { to: to.fullPath }
    if (needs === 'phone') return { path: (await phone.roster()).length ? '/unlock' : '/login', query }
    return await api.resume().then(() => true as const, () => ({ path: '/login', query }))
  })

  const unloaded = new WeakSet<Error>()
  window.addEventListener('vite:preloadError', ({ payload }) => void unloaded.add(payload))
  router.onError((error: Error, to) => { if (unloaded.has(error)) void router.replace({ path: NOT_HERE, query: { to: to.fullPath } }) })

  let release: (() => void) | null = null
  router.afterEach((to) => {
    const inVisit = to.path.startsWith('/visits/')
    if (inVisit && !release) release = holdVisit(phone.locks)
    if (!inVisit) release = (release?.(), null)
    document.title = to.meta.title ? `${to.meta.title} · 一次查` : '一次查'
    document.documentElement.classList.toggle('desk', to.path.startsWith('/office') || to.path.startsWith('/public'))
  })
  return router
}
