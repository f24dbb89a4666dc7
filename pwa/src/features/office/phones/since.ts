/** How long ago, said of a phone: in hours for two days, in days after that. */
const HOUR = 3_600_000

export function agoWords(moment: string | null | undefined, now = Date.now()): string {
  if (!moment) return ''
  const hours = Math.max(0, Math.floor((now - Date.parse(moment)) / HOUR))
  if (hours < 1) return '一小时内'
  return hours < 48 ? `${hours} 小时前` : `${Math.floor(hours / 24)} 天前`
}

/** The colour of a row: amber from 24 hours on, red from 72 (sync.md 7). */
export const TONE: Record<string, string> = { amber: 'soon', red: 'late' }
