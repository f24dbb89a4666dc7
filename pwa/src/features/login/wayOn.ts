/** Where to, after coming in? Only an address of our own: a crafted link must not lead elsewhere. */
export function wayOn(asked: unknown): string {
  return typeof asked === 'string' && /^\/(?![/\\])/.test(asked) && !/^\/(login|unlock|pin)\b/.test(asked) ? asked : '/'
}

/** Pages that need no phone: there a login is enough. */
export const isDesk = (way: string): boolean => way === '/office' || way.startsWith('/office/')
