// The files that a run of the built product loads, as Node itself reports them.
import { existsSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Scope } from './scope.ts'
import { makeTempFolder } from './temp-home.ts'

export interface LoadTrace {
  /** Options for Node. */
  nodeArgs: readonly string[]
  /** The files that all runs with these options have loaded so far. */
  files(): string[]
}

/** Makes options for Node that record each loaded file. */
export async function traceLoads(scope: Scope): Promise<LoadTrace> {
  const folder = await makeTempFolder(scope, 'loads')
  const [hook, output] = [join(folder, 'hook.mjs'), join(folder, 'loaded.txt')]
  const loader = `
    import { appendFileSync } from 'node:fs'
    export async function load(url, context, next) {
      if (url.startsWith('file:')) appendFileSync(${JSON.stringify(output)}, url + '\\n')
      return next(url, context)
    }`
  const source = `import { register } from 'node:module'\nregister('data:text/javascript,' + encodeURIComponent(${JSON.stringify(loader)}))\n`
  await writeFile(hook, source)
  return {
    nodeArgs: ['--import', pathToFileURL(hook).href],
    files() {
      const urls = existsSync(output) ? readFileSync(output, 'utf8').split('\n').filter(Boolean) : []
      return [...new Set(urls)].map((url) => fileURLToPath(url))
    },
  }
}
