/** One file of the shipped phone code and the simulated world around it: node build.mjs <tree> <file>. */
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const [tree, file] = process.argv.slice(2)
const require = createRequire(join(tree, 'pwa', 'package.json'))
const { rolldown } = await import(pathToFileURL(require.resolve('rolldown')))
const built = await rolldown({
  input: join(tree, 'tests', 'simulation', 'phones', 'main.ts'),
  platform: 'node',
  logLevel: 'silent',
  transform: { define: { 'import.meta.env.DEV': 'false', 'process.env.NODE_ENV': '"production"' } },
  resolve: {
    mainFields: ['module', 'main'],
    modules: [join(tree, 'pwa', 'node_modules')],
    // The library as browsers get it: it asks for XMLHttpRequest, which the world brings.
    alias: { vue: join(tree, 'pwa', 'node_modules', 'vue', 'dist', 'vue.runtime.esm-bundler.js'), 'tus-js-client': join(tree, 'pwa', 'node_modules', 'tus-js-client', 'lib.esm', 'browser', 'index.js') },
  },
})
await built.write({ file, format: 'esm', codeSplitting: false, sourcemap: 'inline' })
