/** What is gathered on site beside the checklist, and the papers that are handed over. */
import type { RouteRecordRaw } from 'vue-router'

const placed = ({ params, query }: { params: Record<string, unknown>; query: Record<string, unknown> }) => ({ id: params['id'], item: query['item'] ?? null, entry: query['entry'] ?? null })

export const routes: RouteRecordRaw[] = [
  { path: '/visits/:id/evidence', component: () => import('./EvidencePage.vue'), props: placed, meta: { title: '证据与文书' } },
  { path: '/visits/:id/evidence/audio', component: () => import('./SoundPage.vue'), props: (to) => ({ ...placed(to), kind: 'audio' }), meta: { title: '录音' } },
  { path: '/visits/:id/evidence/clip', component: () => import('./SoundPage.vue'), props: (to) => ({ ...placed(to), kind: 'clip' }), meta: { title: '录像' } },
  { path: '/visits/:id/evidence/recording', component: () => import('./RecordingPage.vue'), props: placed, meta: { title: '执法记录仪文件' } },
  { path: '/visits/:id/evidence/paper', component: () => import('./PaperPage.vue'), props: placed, meta: { title: '查阅材料' } },
  { path: '/visits/:id/evidence/sample', component: () => import('./SamplePage.vue'), props: placed, meta: { title: '抽样' } },
  { path: '/visits/:id/evidence/taken', component: () => import('./TakenPage.vue'), props: placed, meta: { title: '提取证据' } },
  { path: '/visits/:id/evidence/transcript', component: () => import('./TranscriptPage.vue'), props: true, meta: { title: '现场笔录' } },
  { path: '/visits/:id/letters/:kind(transcript|taken)', component: () => import('./LetterPage.vue'), props: true, meta: { title: '文书' } },
  { path: '/visits/:id/letters/:kind(sample)/:operation', component: () => import('./LetterPage.vue'), props: true, meta: { title: '抽样单' } },
  { path: '/visits/:id/measures/:operation', component: () => import('./LetterPage.vue'), props: ({ params }) => ({ id: params['id'], kind: 'measure', operation: params['operation'] }), meta: { title: '措施文书' } },
]
