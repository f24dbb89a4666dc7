/** How does a file of ours come to the clerk's folder? Links cannot carry the token, so the page fetches and hands it over. */
import type { Api } from '../../api/client'

/** The name that the server gave, else the one that the page knows. */
export function nameOf(answer: Response, otherwise: string): string {
  const given = /filename\*=UTF-8''([^;]+)/.exec(answer.headers.get('Content-Disposition') ?? '')?.[1]
  return given ? decodeURIComponent(given) : otherwise
}

export function handOver(content: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(content)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

/** Throws a problem where the server refuses; nothing is saved then. */
export async function download(api: Api, path: string, otherwise: string): Promise<void> {
  // A file has a type of its own: asked for as JSON, the door takes it for a captive portal's page.
  const answer = await api.call(path, { headers: { Accept: '*/*' } })
  handOver(await answer.blob(), nameOf(answer, otherwise))
}
