/** Is there room, and will the browser keep what we have? */
import { noRoom } from './problem'

/** Kept free so that operations can always be written when photos no longer can. */
export const RESERVE = 64 * 1024 * 1024

export interface Room { used: number; quota: number; free: number; persisted: boolean }

/** Null where the browser does not say. */
export async function room(): Promise<Room | null> {
  const storage = typeof navigator === 'undefined' ? undefined : navigator.storage
  if (!storage?.estimate) return null
  const { usage = 0, quota = 0 } = await storage.estimate()
  return { used: usage, quota, free: quota - usage, persisted: (await storage.persisted?.()) ?? false }
}

/** Asks that the browser never evicts us; true when granted. */
export async function askToPersist(): Promise<boolean> {
  return (await navigator.storage?.persist?.()) ?? false
}

/** Refuses a file before the quota is hit, with what is left. */
export async function needRoom(size: number): Promise<void> {
  if (size === 0) return
  const now = await room()
  if (now && now.quota > 0 && now.free < size + RESERVE) throw noRoom(size, now.free)
}
