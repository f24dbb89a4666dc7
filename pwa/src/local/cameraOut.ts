/** Where was the phone's own camera opened, so that the way back is known when it killed the page? Kept sealed until a photo came or one gave up. */
import { readSetting, writeSetting } from './settings'
import type { Store } from './store'

const PLACE = 'camera_out'
/** Longer ago, nobody is still holding the camera. */
const AWAY = 30 * 60_000

export interface CameraOut { path: string; caption: string; at: number }

export const goOut = (store: Store, path: string, caption: string): Promise<void> => writeSetting(store, PLACE, { path, caption, at: store.now() } satisfies CameraOut)

export const comeBack = (store: Store): Promise<void> => writeSetting(store, PLACE, null)

/** The page that the camera was opened from and no photo came back to. */
export async function whereOut(store: Store): Promise<CameraOut | null> {
  const out = await readSetting<CameraOut>(store, PLACE)
  return out && store.now() - out.at < AWAY ? out : null
}
