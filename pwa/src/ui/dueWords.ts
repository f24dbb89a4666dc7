/** How is a deadline said? 还剩 3 个工作日（11月26日）, always with the date. */
export interface DueWords {
  left: string
  date: string
  tone: 'far' | 'soon' | 'over'
}

/** `days`: working days from today to `date` (YYYY-MM-DD), negative when over; `soon` from this many days on. */
export function dueWords(days: number, date: string, provisional = false, soon = 1): DueWords {
  const [, month, day] = date.split('-').map(Number)
  const shown = `（${month}月${day}日${provisional ? '，暂定' : ''}）`
  if (days < 0) return { left: `已超 ${-days} 个工作日`, date: shown, tone: 'over' }
  if (days === 0) return { left: '今天到期', date: shown, tone: 'soon' }
  return { left: `还剩 ${days} 个工作日`, date: shown, tone: days <= soon ? 'soon' : 'far' }
}
