/** What does the saved page read: the published key that was put into it, keys and proofs that are handed to it? */

export type Key = { kid: string; pem: string } | null

/** The key that the server put into this page when it was downloaded. */
export function publishedKey(page: Document): Key {
  return asKey(page.getElementById('published-key')?.textContent ?? 'null')
}

/** A file that is a key: the server's answer {kid, pem}, or a PEM file that bears its key's name. */
export function keyIn({ name, text }: { name: string; text: string }): Key {
  if (text.trimStart().startsWith('-----BEGIN PUBLIC KEY-----')) return { kid: name.replace(/\.pem$/, ''), pem: text }
  return text.length < 4096 ? asKey(text) : null
}

/** The proof in what a QR code says, or in a proof alone. */
export function proofIn(typed: string): string | null {
  return /(?:#proof=|^)([\w-]{60,})$/.exec(typed)?.[1] ?? null
}

function asKey(text: string): Key {
  try {
    const value = JSON.parse(text) as { kid?: unknown; pem?: unknown } | null
    return typeof value?.kid === 'string' && typeof value.pem === 'string' ? { kid: value.kid, pem: value.pem } : null
  } catch {
    return null
  }
}
