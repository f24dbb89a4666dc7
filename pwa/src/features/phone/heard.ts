/** How long ago, in words, and from when on is it amber or red? The same 24 and 72 hours as the badge (sync.md 7). */
const HOUR = 3_600_000

export function lateness(moment: string | null, now = Date.now()): '' | 'warn' | 'bad' {
  if (moment === null) return ''
  const hours = (now - Date.parse(moment)) / HOUR
  return hours >= 72 ? 'bad' : hours >= 24 ? 'warn' : ''
}

export function heard(moment: string | null, now = Date.now()): string {
  if (moment === null) return '登记后还没有联系过'
  const hours = Math.floor((now - Date.parse(moment)) / HOUR)
  if (hours < 1) return '一小时内联系过'
  return hours < 48 ? `${hours} 小时前联系过` : `${Math.floor(hours / 24)} 天没有联系上`
}
