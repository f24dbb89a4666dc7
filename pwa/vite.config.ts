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

/** The field screens and what only they use: one file packs a seventh smaller than seventy, and all are kept on the phone anyway. */
const FIELD_SCREENS = new RegExp([
  'features/(outbox|visits|checklist|photos|signing|reviews)/(?!routes\\.ts)',
  'terms/',
  'rules/(fold|gaps|manifest|record|registers|answers|team|workdays)\\.ts',
  'local/(useVisits?|useWriting|useAttempt|useBlobUrl|amend|position|record)\\.ts',
  'ui/(RecordPaper|recordWords|DueText|PaperSheet|QrCode|SegmentedAnswers|StateGlyph|UndoBar|dayWords|dueWords)\\.',
].map((room) => `/src/${room}`).join('|') + '|/node_modules/(uqr|signature_pad)/')

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
  // Nothing of ours and nothing of Element Plus is written with options; 2 KiB less of Vue on the phone.
  define: { __VUE_OPTIONS_API__: 'false', __VUE_PROD_DEVTOOLS__: 'false', __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false' },
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: { proxy: { '/api': 'http://127.0.0.1:8000', '/healthz': 'http://127.0.0.1:8000' } },
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: { output: { codeSplitting: { includeDependenciesRecursively: false, groups: [{ name: 'field', test: FIELD_SCREENS }] } } },
  },
  test: { environment: 'node', include: ['src/**/*.test.ts', 'scripts/**/*.test.ts'] },
})
