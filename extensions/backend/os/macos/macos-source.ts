// The facts of a Mac without native calls: processes by `ps`, folders, sockets and open logs by `lsof`. docs/dev/platform-facts.md says what
// stays unknown that way.
import type { ProcessSource } from '../process-facts.ts'
import { createOpenFilesLookup } from './open-files.ts'
import { createDetailsReader } from './process-details.ts'
import { createMacosProcessList, type Ps } from './process-list.ts'
import { runTool } from './run-tool.ts'
import { createMacosStdio } from './stdio-connection.ts'

/** A dashboard is called only after its process was seen to own the port: no longer ago than this. */
const LISTENERS_FRESH_MS = 2_000

/** The tools it runs, by absolute paths: another `ps` in PATH may print other columns. */
export interface MacosTools {
  ps: string
  lsof: string
}

const TOOLS: MacosTools = { ps: '/bin/ps', lsof: '/usr/sbin/lsof' }

/** Runs the system's ps. */
export const readPs: Ps = (args) => runTool(TOOLS.ps, args)

/** Creates the source of a Mac without native calls. */
export function createMacosSource({ ps: psFile, lsof: lsofFile }: MacosTools = TOOLS): ProcessSource {
  const ownUid = process.getuid?.() ?? null
  const now = (): number => performance.now()
  const ps = (args: readonly string[]) => runTool(psFile, args)
  const processes = createMacosProcessList(ps)
  const openFiles = createOpenFilesLookup({ lsof: (args) => runTool(lsofFile, args), ownUid, now })
  return {
    ownUid,
    pidNamespace: null,
    list: processes.list,
    quickScan: processes.quickScan,
    details: createDetailsReader({ processes, openFiles, ps, now }),
    memory(process) {
      const bytes = processes.rssBytes(process)
      return Promise.resolve(bytes === null ? null : { bytes, kind: 'rss' })
    },
    connection: createMacosStdio(openFiles),
    async listeners(facts) {
      const found = await openFiles(facts, () => LISTENERS_FRESH_MS)
      return new Map(facts.map(({ pid }) => [pid, found.get(pid)?.listeners ?? null]))
    },
  }
}
