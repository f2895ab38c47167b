// Pids that are given out again while somebody still means their first owner, in a pid namespace of the test's own.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { inOwnPids } from './other-side.ts'
import { projectRoot } from './temp-home.ts'

const run = promisify(execFile)

/** How often a pid was another's by then, and how often that other one was hit. */
export async function reusePids(tries: number): Promise<{ reused: number; signalled: number }> {
  const program = join(projectRoot, 'test', 'fixtures', 'programs', 'pid-reuse.mjs')
  const [file = '', ...args] = [...inOwnPids, process.execPath, '--import', 'tsx', program, String(tries)]
  const { stdout } = await run(file, args, { cwd: projectRoot })
  return JSON.parse(stdout) as { reused: number; signalled: number }
}
