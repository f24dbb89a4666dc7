/** Which built files are the field app? Everything that can be reached from the entry without opening the office or the public pages. */
import type { Plugin, Rolldown } from 'vite'

/** Modules that never belong on the phone. */
const DESK = /\/src\/features\/(office|public)\/|\/node_modules\/(element-plus|@element-plus|echarts|zrender)\//

export function fieldFiles(): { plugin: Plugin; holds: (fileName: string) => boolean } {
  const files = new Set<string>()
  const plugin: Plugin = {
    name: 'onevisit:field-files',
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter((one): one is Rolldown.OutputChunk => one.type === 'chunk')
      const visit = (chunk: Rolldown.OutputChunk): void => {
        if (files.has(chunk.fileName)) return
        files.add(chunk.fileName)
        chunk.viteMetadata?.importedCss.forEach((css) => files.add(css))
        for (const name of [...chunk.imports, ...chunk.dynamicImports]) {
          const next = chunks.find((one) => one.fileName === name)
          if (!next) continue
          const desk = next.moduleIds.find((id) => DESK.test(id))
          if (!desk) visit(next)
          // A dynamic import is the door of a group; a static one would make the office part of every first load.
          else if (chunk.imports.includes(name)) this.error(`the field chunk ${chunk.fileName} needs ${desk}`)
        }
      }
      chunks.filter((chunk) => chunk.isEntry).forEach(visit)
    },
  }
  return { plugin, holds: (name) => files.has(name) }
}
