// Processes that a program of a test has started: killed when the scope ends, or the test process exits.
import { guardProcess, markProcess, type ProcessMark, signalProcess } from '../helpers/processes.ts'
import type { Scope } from '../helpers/scope.ts'

/** Takes over the running process with that pid; `wrote` is shown if there is none. */
export function ownProcess(scope: Scope, pid: unknown, wrote: () => string): ProcessMark {
  const mark = markProcess(Number(pid))
  if (mark === null) throw new Error(`no process ${String(pid)}: ${wrote()}`)
  const release = guardProcess(mark)
  scope.add(() => {
    signalProcess(mark, 'SIGKILL')
    release()
  })
  return mark
}
