/** Which way may an import look? The arrows of the phone, checked instead of hoped for. */
/** Everything of ours a room may not import: all rooms but itself and those named. */
const only = (from, allowed, extra = '') => ({
  name: `${from.replaceAll(/[^\w]/g, '')}-looks-back-only`,
  severity: 'error',
  from: { path: `^src/${from}`, pathNot: '\\.test\\.ts$' },
  to: { path: '^src/', pathNot: [`^src/${from}`, ...allowed.map((one) => `^src/${one}`), ...(extra ? [extra] : [])] },
})

module.exports = {
  forbidden: [
    only('terms/', []),
    only('rules/', ['terms/']),
    only('ui/', ['terms/', 'rules/']),
    only('api/', []),
    only('local/', ['rules/', 'terms/', 'api/types\\.ts$']),
    only('sync/', ['local/', 'rules/', 'api/']),
    {
      name: 'features-look-back-only',
      severity: 'error',
      from: { path: '^src/features/' },
      to: { path: '^src/(main|router|App|update|sw)' },
    },
    {
      name: 'features-never-import-each-other',
      severity: 'error',
      from: { path: '^src/features/([^/]+)/' },
      to: { path: '^src/features/', pathNot: '^src/features/$1/' },
    },
    {
      name: 'office-features-never-import-each-other',
      severity: 'error',
      from: { path: '^src/features/(office|public)/([^/]+)/' },
      to: { path: '^src/features/$1/[^/]+/', pathNot: '^src/features/$1/$2/' },
    },
    {
      name: 'on-site-there-is-no-network',
      comment: 'visits, checklist, photos, evidence and signing never call the server: they write to the phone, and sync sends.',
      severity: 'error',
      from: { path: '^src/features/(visits|checklist|photos|evidence|signing)/' },
      to: { path: '^src/api/(client|useApi)' },
    },
    {
      name: 'element-plus-stays-at-the-desk',
      severity: 'error',
      from: { pathNot: '^src/features/(office|public)/' },
      to: { path: 'node_modules/(element-plus|@element-plus|echarts)/' },
    },
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true, dependencyTypesNot: ['type-only'], viaOnly: { dependencyTypesNot: ['type-only'] } } },
    { name: 'no-unknown-imports', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '^virtual:' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'browser', 'default'], extensions: ['.ts', '.vue', '.js', '.mjs', '.css'] },
  },
}
