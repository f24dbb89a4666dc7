/** How the application is built: one field app that is kept on the phone, office and public pages loaded only when opened. */
import { fileURLToPath, URL } from 'node:url'
import { serwist } from '@serwist/vite'
import { VantResolver } from '@vant/auto-import-resolver'
import vue from '@vitejs/plugin-vue'
import components from 'unplugin-vue-components/vite'
import { defineConfig } from 'vitest/config'
import { fieldFiles } from './scripts/fieldFiles.ts'

const field = fieldFiles()
const KEPT_BESIDES = new Set(['index.html', 'icons/icon.svg'])

export default defineConfig({
  plugins: [
    vue(),
    components({ dirs: [], resolvers: [VantResolver()], dts: 'components.d.ts' }),
    field.plugin,
    serwist({
      swSrc: 'src/sw.ts',
      swDest: 'sw.js',
      globDirectory: 'dist',
      injectionPoint: 'self.__SW_MANIFEST',
      rollupFormat: 'iife',
      globPatterns: ['index.html', 'assets/*.{js,css,wasm}', 'icons/icon.svg'],
      manifestTransforms: [
        (entries) => ({
          manifest: entries
            .filter(({ url }) => field.holds(url) || KEPT_BESIDES.has(url))
            // The server answers the page at '/', never at /index.html.
            .map((entry) => (entry.url === 'index.html' ? { ...entry, url: '/' } : entry)),
          warnings: [],
        }),
      ],
      // Hashed names never change their content, so they need no revision of their own.
      dontCacheBustURLsMatching: /^assets\//,
    }),
  ],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: { proxy: { '/api': 'http://127.0.0.1:8000', '/healthz': 'http://127.0.0.1:8000' } },
  build: { target: 'es2022', modulePreload: { polyfill: false }, assetsInlineLimit: 0 },
  test: { environment: 'node', include: ['src/**/*.test.ts', 'scripts/**/*.test.ts'] },
})
