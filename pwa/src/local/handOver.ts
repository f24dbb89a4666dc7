/** How does a file leave the phone by hand? Through the phone's own share sheet where it takes files, else as a download. */

export async function handOver(file: File): Promise<'shared' | 'saved' | 'left'> {
  const offer = { files: [file], title: file.name }
  if (typeof navigator.share === 'function' && navigator.canShare?.(offer)) {
    try {
      await navigator.share(offer)
      return 'shared'
    } catch (error) {
      // Changing one's mind is no failure; what the share sheet cannot do, a download can.
      if ((error as Error).name === 'AbortError') return 'left'
    }
  }
  const url = URL.createObjectURL(file)
  const link = Object.assign(document.createElement('a'), { href: url, download: file.name })
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
  return 'saved'
}
