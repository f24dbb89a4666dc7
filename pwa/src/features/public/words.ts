/** How are moments and sizes said to the public? Always with the year, in the law's time, whatever this computer thinks. */
const LAW = new Intl.DateTimeFormat('zh-CN', { timeZone: 'Asia/Shanghai', hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: '2-digit', minute: '2-digit' })

function lawParts(moment: string): Record<string, string> {
  return Object.fromEntries(LAW.formatToParts(new Date(moment)).map(({ type, value }) => [type, value]))
}

/** 2026年11月9日. */
export function dayOf(moment: string | null | undefined): string {
  if (!moment) return ''
  const at = lawParts(moment)
  return `${at['year']}年${at['month']}月${at['day']}日`
}

/** 2026年11月9日 09:30. */
export function momentOf(moment: string | null | undefined): string {
  if (!moment) return ''
  const at = lawParts(moment)
  return `${dayOf(moment)} ${at['hour']}:${at['minute']}`
}

export function sizeWords(bytes: number): string {
  if (bytes < 1024) return `${bytes} 字节`
  return bytes < 1024 ** 2 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1024 ** 2).toFixed(1)} MB`
}

/** The first digits of a hash, enough to compare by eye. */
export const shortHash = (hash: string): string => `${hash.slice(0, 24)}…`
