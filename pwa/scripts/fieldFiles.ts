/** Which built files are the field app, and which of them open it? Everything that can be reached from the entry without opening the office or the public pages. */
import type { Plugin, Rolldown } from 'vite'

/** Modules that never belong on the phone. */
const DESK = /\/src\/features\/(office|public)\/|\/node_modules\/(element-plus|@element-plus|echarts|zrender)\//
/** Behind these doors lies what comes before work: coming in, 我的任务, one visit. */
const START = /\/src\/features\/(login\/\w+Page|visits\/(MyTasksPage|VisitPage))\.vue/

/** `start` is fetched at once; `rest` once 我的任务 is usable. */
export type Stage = 'start' | 'rest'

export function fieldFiles(): { plugin: Plugin; stageOf: (fileName: string) => Stage | null } {
  const start = new Set<string>()
  const all = new Set<string>()
  const plugin: Plugin = {
    name: 'onevisit:field-files',
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter((one): one is Rolldown.OutputChunk => one.type === 'chunk')
      const visit = (chunk: Rolldown.OutputChunk, files: Set<string>, opens: (door: Rolldown.OutputChunk) => boolean): void => {
        if (files.has(chunk.fileName)) return
        files.add(chunk.fileName)
        chunk.viteMetadata?.importedCss.forEach((css) => files.add(css))
        for (const name of [...chunk.imports, ...chunk.dynamicImports]) {
          const next = chunks.find((one) => one.fileName === name)
          if (!next) continue
          const desk = next.moduleIds.find((id) => DESK.test(id))
          const needed = chunk.imports.includes(name)
          // A dynamic import is the door of a group; a static one would make the office part of every first load.
          if (desk && needed) this.error(`the field chunk ${chunk.fileName} needs ${desk}`)
          if (!desk && (needed || opens(next))) visit(next, files, opens)
        }
      }
      const entries = chunks.filter((chunk) => chunk.isEntry)
      entries.forEach((entry) => visit(entry, start, (door) => door.moduleIds.some((id) => START.test(id))))
      entries.forEach((entry) => visit(entry, all, () => true))
    },
  }
  return { plugin, stageOf: (name) => (start.has(name) ? 'start' : all.has(name) ? 'rest' : null) }
}
