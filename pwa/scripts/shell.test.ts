import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const read = (name: string): string => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8')
const manifest = JSON.parse(read('public/manifest.webmanifest')) as { name: string; short_name: string; start_url: string; scope: string; display: string; background_color: string; theme_color: string; icons: { src: string; sizes: string; purpose?: string }[] }
const page = read('index.html')
const [light, dark] = [...read('src/styles/tokens.css').matchAll(/--bg: (#[0-9A-F]{6});/g)].map(([, colour]) => colour)

/** Width and height from the head of a PNG. */
function sizeOf(name: string): string {
  const bytes = readFileSync(new URL(`../public${name}`, import.meta.url))
  return `${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`
}

describe('the shell', () => {
  it('can be installed under its name', () => {
    expect(manifest).toMatchObject({ name: 'OneVisit 一次查', short_name: '一次查', start_url: '/', scope: '/', display: 'standalone' })
    expect(page).toContain('<title>OneVisit 一次查</title>')
    const icons = manifest.icons.map(({ sizes, purpose }) => `${sizes} ${purpose ?? 'any'}`)
    expect(icons).toEqual(expect.arrayContaining(['192x192 any', '512x512 any', '512x512 maskable']))
    for (const { src, sizes } of manifest.icons.filter(({ src }) => src.endsWith('.png'))) expect(sizeOf(src)).toBe(sizes)
  })

  it('has the ground of the tokens around it', () => {
    expect([manifest.background_color, manifest.theme_color]).toEqual([light, light])
    expect([...page.matchAll(/name="theme-color" content="([^"]+)"/g)].map(([, colour]) => colour)).toEqual([light, dark])
  })

  it('needs nothing from elsewhere', () => {
    expect(page).not.toMatch(/(?:src|href)="(?!\/)/)
    for (const [, src] of page.matchAll(/href="(\/icons\/[^"]+)"/g)) expect(existsSync(new URL(`../public${src}`, import.meta.url))).toBe(true)
  })
})
