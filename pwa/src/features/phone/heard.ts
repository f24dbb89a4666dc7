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

const LAW = new Intl.DateTimeFormat('zh-CN', { timeZone: 'Asia/Shanghai', hourCycle: 'h23', month: 'numeric', day: 'numeric', hour: '2-digit', minute: '2-digit' })

/** A moment of the server as 11月9日 09:30, whatever this phone's zone is. */
export function momentWords(moment: string): string {
  const at = Object.fromEntries(LAW.formatToParts(new Date(moment)).map(({ type, value }) => [type, value]))
  return `${at['month']}月${at['day']}日 ${at['hour']}:${at['minute']}`
}
