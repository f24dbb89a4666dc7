/** Where does an office read the rules of its notice? */
import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  { path: 'rules', component: () => import('./RulesPage.vue'), meta: { needs: 'account', title: '规则', nav: { label: '本地规则', order: 29 } } },
]
