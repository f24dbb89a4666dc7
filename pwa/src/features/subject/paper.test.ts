import { createSSRApp, h } from 'vue'
import { renderToString } from 'vue/server-renderer'
import { describe, expect, it } from 'vitest'
import { cases } from '../../rules/cases'
import type { Manifest } from '../../rules/manifest'
import RecordPaper from '../../ui/RecordPaper.vue'
import { paper } from './paper'
import { textOf, type Tree } from './tree'

const made = cases<{ made: { name: string; expect: { manifest: Manifest; digest: string } }[] }>('manifest_visit').made

const plain = (text: string): string => text.replaceAll(/\s/g, '')
const unmarked = (html: string): string => html.replaceAll(/<!--.*?-->/g, '').replaceAll(/<[^>]*>/g, '').replaceAll('&amp;', '&').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&#39;', "'")

describe('the light page', () => {
  it.each(made.map((one) => [one.name, one] as const))('says word for word what the inspector\'s phone says: %s', async (_, { expect: { manifest, digest } }) => {
    const there = unmarked(await renderToString(createSSRApp({ render: () => h(RecordPaper, { manifest, digest }) })))
    expect(plain(textOf(paper(manifest, digest)))).toBe(plain(there))
  })

  it('never reads a record as markup', () => {
    const manifest = structuredClone(made[0]!.expect.manifest)
    manifest.header.subject.name = '<img src=x onerror=alert(1)>'
    const find = (tree: Tree): boolean => (typeof tree === 'string' ? tree === manifest.header.subject.name : tree.children.some(find))
    expect(find(paper(manifest, 'a'.repeat(64)))).toBe(true)
  })
})
