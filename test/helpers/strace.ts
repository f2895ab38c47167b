// Records system calls of a process: programs that it starts, addresses that it connects to. Linux, with strace.
import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { guardProcess, markProcess, type ProcessMark, signalProcess } from './processes.ts'
import type { Scope } from './scope.ts'
import { makeTempFolder } from './temp-home.ts'
import { waitUntil } from './wait-until.ts'

/** Why tracing is not possible here; null: it is. */
export function whyNoStrace(): string | null {
  if (process.platform !== 'linux') return 'strace needs Linux'
  if (spawnSync('strace', ['-V']).error !== undefined) return 'strace is not installed'
  // It may be forbidden, in a container or by Yama.
  const probe = spawn('sleep', ['60'], { stdio: 'ignore' })
  const { stderr } = spawnSync('timeout', ['0.5', 'strace', '-p', String(probe.pid)], { encoding: 'utf8' })
  probe.kill('SIGKILL')
  return stderr.includes('attached') ? null : 'tracing is not permitted here'
}

/** Records these calls of the process and its descendants from now on, in the format of strace. */
export async function traceCalls(
  scope: Scope,
  { pid }: ProcessMark,
  call: 'execve' | 'connect',
): Promise<() => string[]> {
  const file = join(await makeTempFolder(scope, 'strace'), 'trace')
  const args = ['-f', '-qq', '-s', '4096', '-e', `trace=${call}`, '-o', file, '-p', String(pid)]
  const strace = spawn('strace', args, { stdio: 'ignore' })
  const exited = new Promise((resolve) => strace.once('exit', resolve))
  const mark = markProcess(strace.pid ?? 0)
  if (mark === null) throw new Error('strace could not be started')
  const release = guardProcess(mark)
  scope.add(async () => {
    signalProcess(mark, 'SIGTERM')
    await exited
    release()
  })
  await waitUntil('strace', () => /^TracerPid:\s*[1-9]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8')))
  return () => readFileSync(file, 'utf8').match(new RegExp(`${call}\\(.*`, 'g')) ?? []
}
