/** How is the subject's light page built? One classic script and one style of its own, for the browsers inside chat apps of 2020; nothing of the app. */
import { fileURLToPath, URL } from 'node:url'
import { defineConfig, type Plugin } from 'vite'

const dist = process.env['ONEVISIT_PWA'] ?? fileURLToPath(new URL('./dist', import.meta.url))

/** Those browsers may know no modules. */
const classic: Plugin = {
  name: 'classic-script',
  enforce: 'post',
  transformIndexHtml: (html) => html.replaceAll(/<script type="module"( crossorigin)?/g, '<script defer').replaceAll(' crossorigin', ''),
}

export default defineConfig({
  plugins: [classic],
  publicDir: false,
  build: {
    outDir: dist,
    emptyOutDir: false,
    target: 'es2017',
    cssTarget: 'chrome66',
    cssCodeSplit: false,
    modulePreload: false,
    assetsInlineLimit: 0,
    rolldownOptions: { input: fileURLToPath(new URL('./sign.html', import.meta.url)), output: { format: 'iife', entryFileNames: 'assets/sign-[hash].js', assetFileNames: 'assets/sign-[hash][extname]' } },
  },
})
