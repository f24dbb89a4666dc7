/** How does a reader keep the page that checks draws without this server? One file, with the published key in it. */

const PLACE = '<script type="application/json" id="published-key">null</script>'
export interface PublishedKey { kid: string; pem: string }

/** What was done, as a sentence. */
export async function savePage(key: () => Promise<PublishedKey>): Promise<string> {
  try {
    const answer = await fetch('/verify.html')
    const page = await answer.text()
    if (!answer.ok || !page.includes(PLACE)) return '验算页没有下载成。请稍后再试。'
    const { kid, pem } = await key()
    const filled = page.replace(PLACE, PLACE.replace('null', JSON.stringify({ kid, pem })))
    const link = Object.assign(document.createElement('a'), { href: URL.createObjectURL(new Blob([filled], { type: 'text/html' })), download: 'onevisit-verify.html' })
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
    return '已下载验算页 onevisit-verify.html。断开网络后打开它，把抽取文件拖进去，就能从头算一遍。'
  } catch {
    return '验算页没有下载成，可能断网了。请联网后再点一次。'
  }
}
