/** Sizes and times as people say them. */
export const megabytes = (bytes: number): string => (bytes < 100 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1048576).toFixed(1)} MB`)

export function ago(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000)
  if (minutes < 1) return '刚刚'
  if (minutes < 60) return `${minutes} 分钟前`
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} 小时前` : `${Math.floor(minutes / 1440)} 天前`
}

/** Why a log did not go, said plainly; what has no words of its own will be tried again. */
export function whyNot(code: string): string {
  if (code.startsWith('net.')) return '联系不上服务器，有信号会自己接着传'
  if (code.startsWith('auth.') || code.startsWith('accounts.')) return '要登录后才能接着传'
  return WHY[code] ?? '服务器暂时没有收下，会再试'
}
const WHY: Record<string, string> = {
  'sync.gap': '服务器缺前面的几条，正在补传',
  'sync.unknown_visit': '服务器上没有这次上门，记录先留在本机',
  'sync.unknown_device': '这部手机要重新登记',
  'sync.device_revoked': '这部手机已停用，要重新登记',
  'sync.log_forked': '这部手机要重新登记，记录会重新编号后传',
  'sync.bad_signature': '签名核对不上，会再试；仍不行请存救援文件',
  'sync.too_large': '这一包太大，会分开再传',
}

/** The same of what this phone only carries for a colleague. */
export const whyNotCarried = (code: string): string | undefined => CARRIED[code]
const CARRIED: Record<string, string> = {
  'sync.unknown_device': '服务器不认识他的手机',
  'sync.bad_signature': '他的手机的签名核对不上',
  'sync.log_forked': '服务器上已有他另外交的记录，与这一份接不上',
}
