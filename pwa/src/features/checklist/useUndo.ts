/** What was just done in one tap, and how to take it back. */
import { shallowRef } from 'vue'

export interface Undoable { text: string; undo(): Promise<unknown> }

export function useUndo() {
  const last = shallowRef<Undoable | null>(null)
  return {
    last,
    offer: (text: string, undo: Undoable['undo']): void => { last.value = { text, undo } },
    forget: (): void => { last.value = null },
    async undo(): Promise<void> {
      const taken = last.value
      last.value = null
      await taken?.undo()
    },
  }
}
