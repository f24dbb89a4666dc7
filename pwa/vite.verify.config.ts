/** How is verify.html built, the page that checks draws from disk? One file: scripts, styles and the worker inside. */
import { fileURLToPath, URL } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig, type Plugin } from 'vite'

const dist = process.env['ONEVISIT_PWA'] ?? fileURLToPath(new URL('./dist', import.meta.url))

/** Puts what the page would fetch into it. */
const oneFile: Plugin = {
  name: 'one-file',
  enforce: 'post',
  generateBundle(_, bundle) {
    const page = bundle['verify.html']
    if (page?.type !== 'asset') throw new Error('verify.html was not built')
    let text = String(page.source)
    for (const [name, part] of Object.entries(bundle)) {
      if (name === 'verify.html') continue
      const code = (part.type === 'chunk' ? part.code : String(part.source)).replaceAll('</script', '<\\/script')
      const inside = part.type === 'chunk' ? `<script type="module">${code}</script>` : `<style>${code}</style>`
      const asked = new RegExp(`<(script|link)[^>]*/${name}"[^>]*>(</script>)?`)
      if (!asked.test(text)) throw new Error(`verify.html does not ask for ${name}`)
      text = text.replace(asked, () => '').replace(part.type === 'chunk' ? '</body>' : '</head>', (end) => `${inside}\n${end}`)
      delete bundle[name]
    }
    page.source = text
  },
}

export default defineConfig({
  plugins: [vue(), oneFile],
  publicDir: false,
  define: { __VUE_OPTIONS_API__: 'false', __VUE_PROD_DEVTOOLS__: 'false', __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false' },
  worker: { format: 'iife' },
  build: { outDir: dist, emptyOutDir: false, target: 'es2022', modulePreload: false, cssCodeSplit: false, rolldownOptions: { input: fileURLToPath(new URL('./verify.html', import.meta.url)) } },
})
