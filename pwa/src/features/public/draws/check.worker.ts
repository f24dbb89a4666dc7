/** Where is a bundle checked? Beside the page, so that a hundred thousand tickets do not freeze it. */
import { check, NotABundle, type Checked, type Checking } from './check'

/** `at` of `of` checks are done, `code` is being made. */
export interface Progress { code: string; at: number; of: number }
export type Answer = { checked: Checked } | { refused: string } | { progress: Progress }

onmessage = async (event: MessageEvent<Checking>): Promise<void> => {
  const tell = (answer: Answer): void => postMessage(answer)
  try {
    tell({ checked: await check(event.data, (code, at, of) => tell({ progress: { code, at, of } })) })
  } catch (error) {
    tell({ refused: error instanceof NotABundle ? error.message : `这个文件没有验算成：${String(error)}` })
  }
}
