/** Where does an office review what came back? The queue, and one part beside its document and evidence. */
import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  { path: 'reviews', component: () => import('./QueuePage.vue'), meta: { needs: 'account', title: '审核', nav: { label: '审核', order: 26, roles: ['desk', 'deputy_head', 'principal_head', 'joint_office', 'inspector'] } } },
  { path: 'reviews/:visit/:department?', component: () => import('./ReviewPage.vue'), props: true, meta: { needs: 'account', title: '审核', bare: true } },
]
