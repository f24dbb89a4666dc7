/** How the application is built: one field app that is kept on the phone, office and public pages loaded only when opened. */
import { fileURLToPath, URL } from 'node:url'
import { serwist } from '@serwist/vite'
import { VantResolver } from '@vant/auto-import-resolver'
import vue from '@vitejs/plugin-vue'
import components from 'unplugin-vue-components/vite'
import { defineConfig } from 'vitest/config'

/** Folders whose chunks never belong on the phone; everything else is the field app. */
const DESK = /\/src\/features\/(office|public)\/|\/node_modules\/(element-plus|@element-plus|echarts|zrender)\//

export default defineConfig({
  plugins: [
    vue(),
    components({ dirs: [], resolvers: [VantResolver()], dts: 'components.d.ts' }),
    serwist({
      swSrc: 'src/sw.ts',
      swDest: 'sw.js',
      globDirectory: 'dist',
      injectionPoint: 'self.__SW_MANIFEST',
      globPatterns: ['index.html', 'field/**/*.{js,css}', 'icons/icon.svg', 'manifest.webmanifest'],
      // Hashed names never change their content, so they need no revision of their own.
      dontCacheBustURLsMatching: /^field\/.*-[\w-]{8}\.(js|css)$/,
    }),
  ],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: { proxy: { '/api': 'http://127.0.0.1:8000', '/healthz': 'http://127.0.0.1:8000' } },
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    cssCodeSplit: true,
    assetsInlineLimit: 0,
    rollupOptions: {
      output: {
        entryFileNames: 'field/[name]-[hash].js',
        chunkFileNames: (chunk) => `${chunk.moduleIds.some((id) => DESK.test(id)) ? 'desk' : 'field'}/[name]-[hash].js`,
        assetFileNames: (asset) =>
          `${asset.originalFileNames.some((name) => DESK.test(`/${name}`)) ? 'desk' : 'field'}/[name]-[hash][extname]`,
      },
    },
  },
  test: { environment: 'node', include: ['src/**/*.test.ts'] },
})
