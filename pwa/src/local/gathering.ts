/** Which photos were taken as the pages of one thing (a paper, a sample, evidence taken)? Noted by the camera page, read by the thing's own form. */
import { readSetting, writeSetting } from './settings'
import type { Store } from './store'

const place = (key: string): string => `pages/${key}`

export const pagesOf = async (store: Store, key: string): Promise<string[]> => (await readSetting<string[]>(store, place(key)).catch(() => null)) ?? []

export async function addPage(store: Store, key: string, photo: string): Promise<void> {
  await writeSetting(store, place(key), [...(await pagesOf(store, key)), photo])
}

export const forgetPages = (store: Store, key: string): Promise<void> => writeSetting(store, place(key), null)
export const keepPages = (store: Store, key: string, photos: readonly string[]): Promise<void> => writeSetting(store, place(key), [...photos])
