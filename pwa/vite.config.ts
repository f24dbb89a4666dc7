/** How the application is built: one field app that is kept on the phone, office and public pages loaded only when opened. */
import { fileURLToPath, URL } from 'node:url'
import { serwist } from '@serwist/vite'
import { VantResolver } from '@vant/auto-import-resolver'
import vue from '@vitejs/plugin-vue'
import components from 'unplugin-vue-components/vite'
import { defineConfig } from 'vitest/config'
import { fieldFiles } from './scripts/fieldFiles.ts'

const field = fieldFiles()
/** Where the built app goes; the server reads it from the same setting. */
const dist = process.env['ONEVISIT_PWA'] ?? fileURLToPath(new URL('./dist', import.meta.url))
const KEPT_BESIDES = new Set(['index.html', 'icons/icon.svg'])
/** How sw.ts learns what it keeps only once 我的任务 is usable. */
const LATER = 'later'

const rooms = (...names: string[]): RegExp => new RegExp(names.map((name) => `/${name}`).join('|'))
/** What almost every screen shows; few files, for each costs a request and its heads. */
const SHELL = rooms(
  'src/ui/(AppBar|SyncBadge|badge|Icon|icons|EmptyState|PageFoot|PinPad|PrimaryButton|ProblemNote)\\.',
  'src/(rules/canonical|api/problem|local/base64url|local/problem|terms/visits)\\.ts',
)
/** What 我的任务 and a visit are made of; one file packs a seventh smaller than many. */
const START = rooms(
  'src/features/visits/(?!routes\\.ts|CodePage|Scan)',
  'src/rules/(added|fold|gaps|record|registers|answers|team|workdays)\\.ts',
  'src/local/(cameraOut|useVisits?|useWriting|useAttempt|amend|position|record)\\.ts',
  'src/ui/(DueText|StateGlyph|dayWords|dueWords)\\.',
)
/** The other field screens and what only they use. */
const REST = rooms(
  'src/features/(outbox|phone|visits|checklist|photos|evidence|signing|reviews)/(?!routes\\.ts)',
  'src/terms/(subjects|reviews)\\.ts',
  'src/rules/(manifest|signers)\\.ts',
  'src/local/(useBlobUrl|useMarkedUrl|gathering|handOver)\\.ts',
  'src/ui/(RecordPaper|recordWords|letters|LetterPaper|transcriptWords|PaperSheet|QrCode|SegmentedAnswers|UndoBar)\\.',
  'node_modules/(uqr|signature_pad)/',
)

export default defineConfig({
  plugins: [
    vue(),
    components({ dirs: [], resolvers: [VantResolver()], dts: 'components.d.ts' }),
    field.plugin,
    serwist({
      swSrc: 'src/sw.ts',
      swDest: 'sw.js',
      globDirectory: dist,
      injectionPoint: 'self.__SW_MANIFEST',
      rollupFormat: 'iife',
      globPatterns: ['index.html', 'assets/*.{js,css,wasm}', 'icons/icon.svg'],
      manifestTransforms: [
        (entries) => ({
          manifest: entries
            .filter(({ url }) => field.stageOf(url) || KEPT_BESIDES.has(url))
            .map((entry) => (field.stageOf(entry.url) === 'rest' ? { ...entry, revision: LATER } : entry))
            // The server answers the page at '/', never at /index.html.
            .map((entry) => (entry.url === 'index.html' ? { ...entry, url: '/' } : entry)),
          warnings: [],
        }),
      ],
      // Hashed names never change their content, so they need no revision of their own.
      dontCacheBustURLsMatching: /^assets\//,
    }),
  ],
  define: {
    __VERSION__: JSON.stringify(process.env['ONEVISIT_VERSION'] ?? process.env['npm_package_version'] ?? ''),
    // Nothing of ours and nothing of Element Plus is written with options; 2 KiB less of Vue on the phone.
    __VUE_OPTIONS_API__: 'false',
    __VUE_PROD_DEVTOOLS__: 'false',
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
  },
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: { proxy: { '/api': 'http://127.0.0.1:8000', '/healthz': 'http://127.0.0.1:8000' } },
  build: {
    outDir: dist,
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: { output: { codeSplitting: { includeDependenciesRecursively: false, groups: [{ name: 'shell', test: SHELL, priority: 3 }, { name: 'start', test: START, priority: 2 }, { name: 'field', test: REST, priority: 1 }] } } },
  },
  // Far above what any test takes: a busy machine is no fault.
  test: { environment: 'node', testTimeout: 30_000, hookTimeout: 30_000, include: ['src/**/*.test.ts', 'scripts/**/*.test.ts'] },
})
