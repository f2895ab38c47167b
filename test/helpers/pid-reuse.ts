// Reuses pids of exited processes and tries to signal the earlier ones, in a pid namespace of the test.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { inOwnPids } from './other-side.ts'
import { projectRoot } from './temp-home.ts'

const run = promisify(execFile)

/** How often a pid was reused, and how often the new process was signaled. */
export async function reusePids(tries: number): Promise<{ reused: number; signaled: number }> {
  const program = join(projectRoot, 'test', 'fixtures', 'programs', 'pid-reuse.mjs')
  const [file = '', ...args] = [...inOwnPids, process.execPath, '--import', 'tsx', program, String(tries)]
  const { stdout } = await run(file, args, { cwd: projectRoot })
  return JSON.parse(stdout) as { reused: number; signaled: number }
}
