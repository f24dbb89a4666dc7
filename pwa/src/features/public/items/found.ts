/** Which items does somebody mean, and whose are they? */
import type { components } from '../../../api/types'

export type Item = components['schemas']['PublicListItem']
export interface Group { id: string; name: string; items: Item[] }

/** Items whose name, department, basis or checks hold every word, by department, in the order given. */
export function found(items: Item[], typed: string): Group[] {
  const words = typed.normalize('NFKC').toLowerCase().split(/\s+/).filter(Boolean)
  const groups = new Map<string, Group>()
  for (const item of items) {
    const text = [item.name, item.department.name, item.legal_basis, item.code, ...item.entries.map((entry) => entry.text)].join('\n').normalize('NFKC').toLowerCase()
    if (!words.every((word) => text.includes(word))) continue
    const { id, name } = item.department
    const group = groups.get(id) ?? { id, name, items: [] }
    groups.set(id, group)
    group.items.push(item)
  }
  return [...groups.values()]
}
