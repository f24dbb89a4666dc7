/** A composable as a screen would run it, on an open Store; for tests. */
import { createApp, effectScope, shallowRef } from 'vue'
import { keepPage } from './incoming'
import type { Phone } from './phone'
import type { Store } from './store'
import { PHONE } from './usePhone'
import type { VisitPackage } from '../rules/package'
import { VISIT } from './testStore'

export function onScreen<T>(store: Store, use: () => T): { screen: T; leave(): void } {
  const app = createApp({ render: () => null })
  app.provide(PHONE, { store: shallowRef(store) } as unknown as Phone)
  const scope = effectScope()
  const screen = app.runWithContext(() => scope.run(use)!)
  return { screen, leave: () => scope.stop() }
}

const entry = (id: string) => ({ id, no: id, text: `第 ${id} 问`, answer: 'pass_fail', unit: null, choices: [], required: true, content: null, method: null, basis: null, evidence: 'none', phrases: [], condition: null })

/** A visit of one department with one item of three entries, the account's inspector on its team. */
export async function keepVisit(store: Store): Promise<void> {
  const checklist = { id: 'c', version: 1, hash: '0'.repeat(64), entries: ['1', '2', '3'].map(entry) }
  const part = { department: { id: '632525-ga', name: '示例局' }, initiating: true, leader: 'inspector-1', team: [{ id: 'inspector-1', name: '示例甲', certificate: null, department: '632525-ga' }], items: [{ id: 'item-1', code: null, name: '示例事项', legal_basis: null, checklist }] }
  const profile = { subject_mark: { required: [], combination: 'either', source: null }, signers: { roles: [], source: null }, inspectors_mark: { min_per_department: 1, source: null }, check_on_site: { required: false, source: null }, outcomes: { codes: [], source: null } }
  const visit = { id: VISIT, visit_no: '1', parts: [part], leader: 'inspector-1', profile, todos: [], precheck: [], history: [] } as unknown as VisitPackage
  await keepPage(store, { epoch: '1', cursor: '1', visits: [visit], checklists: [], operations: [], removed: [] })
}
