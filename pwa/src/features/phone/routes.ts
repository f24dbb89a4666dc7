/** Where does one look after the phone itself, the phones of a team, and work that a phone could not send? */
import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  { path: '/phone', component: () => import('./PhonePage.vue'), meta: { title: '本机' } },
  { path: '/devices', component: () => import('./DevicesPage.vue'), meta: { title: '我的设备' } },
  { path: '/rescue', component: () => import('./RescuePage.vue'), meta: { title: '救援文件' } },
  { path: '/swept/:device', component: () => import('./SweptPage.vue'), props: true, meta: { title: '存储被清空过' } },
  { path: '/visits/:id/phones', component: () => import('./TeamPhonesPage.vue'), props: true, meta: { title: '小组的手机' } },
  { path: '/visits/:id/held', component: () => import('./HeldPage.vue'), props: true, meta: { title: '待采纳' } },
]
