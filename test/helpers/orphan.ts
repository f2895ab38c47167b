// A stand-in whose client has exited.
import type { StandInInput } from '../../extensions/backend/demo/stand-in-options.ts'
import { writeStandInProgram } from '../../extensions/backend/demo/start-stand-in.ts'
import { startDrivenProgram } from './driven-program.ts'
import { guardProcess, markProcess, type ProcessMark, signalProcess } from './processes.ts'
import type { Scope } from './scope.ts'
import { makeTempFolder } from './temp-home.ts'

export interface OrphanStart {
  home: string
  options: StandInInput
  args?: readonly string[]
}

/** Starts a client with a stand-in, and kills the client; the stand-in is killed when the scope ends. */
export async function startOrphan(
  scope: Scope,
  { home, options, args = [] }: OrphanStart,
): Promise<ProcessMark> {
  const folder = await makeTempFolder(scope, 'orphan')
  const program = await writeStandInProgram(folder)
  const words = JSON.stringify([program, 'start-mcp-server', ...args])
  const script = `const child = require('node:child_process').spawn(process.execPath, ${words}, { stdio: ['pipe', 'pipe', 'ignore'] }); child.stdout.once('data', () => console.log(JSON.stringify({ orphan: child.pid }))); setInterval(() => undefined, 1000)`
  const client = startDrivenProgram(scope, process.execPath, ['-e', script], {
    cwd: folder,
    env: { ...process.env, SERENA_HOME: home, SERENA_DECK_STAND_IN: JSON.stringify(options) },
  })
  const { orphan } = await client.said((message) => 'orphan' in message)
  const mark = markProcess(Number(orphan))
  if (!mark) throw new Error('no orphan')
  const release = guardProcess(mark)
  scope.add(() => {
    signalProcess(mark, 'SIGKILL')
    release()
  })
  signalProcess(client.mark, 'SIGKILL')
  return mark
}
