/** Where are the tables that both languages are held to? For tests only. */

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The parsed table tests/cases/<name>.json. */
export const cases = <T>(name: string): T =>
  JSON.parse(readFileSync(fileURLToPath(new URL(`../../../tests/cases/${name}.json`, import.meta.url)), 'utf8')) as T
