/** Where is a bundle checked? Beside the page, so that a hundred thousand tickets do not freeze it. */
import { check, NotABundle, type Checked, type Checking } from './check'

export type Answer = { checked: Checked } | { refused: string }

onmessage = async (event: MessageEvent<Checking>): Promise<void> => {
  const tell = (answer: Answer): void => postMessage(answer)
  try {
    tell({ checked: await check(event.data) })
  } catch (error) {
    tell({ refused: error instanceof NotABundle ? error.message : `这个文件没有验算成：${String(error)}` })
  }
}
