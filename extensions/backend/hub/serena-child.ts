// One running Serena of the hub: a child of ours that speaks MCP over its stdin and stdout.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { AppError } from '#contract/errors'
import { childCommand } from '../os/child-command.ts'
import { loadStartInJob } from '../os/start-in-job.ts'
import { hasEnded, tiedToParent } from '../wrap/wrapped-program.ts'
import { createChildOutput } from './child-output.ts'
import type { SerenaSpec } from './serena-spec.ts'

/** Output from before an exit may still be in the pipe. */
const LAST_OUTPUT_MS = 300

export interface ChildExit {
  code: number | null
  signal: NodeJS.Signals | null
  /** The end of what it wrote to stderr. */
  lastWords: string
  /** It has written no message. */
  hadNoOutput: boolean
}

export interface SerenaChild {
  readonly pid: number
  write(line: Buffer): void
  /** Ends its tree; resolves when nothing of it is left. */
  end(): Promise<void>
}

export interface ChildDeps {
  onLine(line: Buffer): void
  /** Called once, after its last message. */
  onExit(exit: ChildExit): void
  onFault(error: unknown): void
}

/** Bytes that are not UTF-8, as `connect` passes them on. */
const LONE_SURROGATE = /[\uDC80-\uDCFF]/u
const NOT_UTF8 = 'An argument is not valid UTF-8. Rename it, or start Serena with wrap instead of connect.'

/** Starts it as the leader of its own session; rejects with Node's error when it cannot be started. */
export async function startSerenaChild(spec: SerenaSpec, deps: ChildDeps): Promise<SerenaChild> {
  if (spec.command.some((word) => LONE_SURROGATE.test(word)))
    throw new AppError('wrong-use', { issue: NOT_UTF8 })
  const { file, args, isVerbatim } = childCommand(tiedToParent(spec, process.platform), spec.env)
  const startInJob = await loadStartInJob()
  const child = startInJob(() =>
    spawn(file, args, {
      cwd: spec.cwd,
      env: { ...spec.env },
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
      windowsHide: true,
      windowsVerbatimArguments: isVerbatim,
    }),
  )
  const { stdin, stdout, stderr } = child
  const streams = [stdin, stdout, stderr]
  const output = createChildOutput(deps.onLine, deps.onFault)
  stdout.on('data', output.push)
  stderr.on('data', output.pushOther)
  for (const stream of streams) stream.on('error', () => undefined)
  onLastOutput(child, (code, signal) => {
    const lastWords = output.lastWords()
    for (const stream of streams) stream.destroy()
    deps.onExit({ code, signal, lastWords, hadNoOutput: output.isEmpty() })
  })
  await once(child, 'spawn')
  const { pid } = child
  if (pid === undefined) throw new Error('a started child without a pid')
  return {
    pid,
    write(line) {
      if (!stdin.destroyed) stdin.write(Buffer.concat([line, Buffer.from('\n')]))
    },
    end() {
      stdin.destroy()
      return endChild(child, pid, deps.onFault)
    },
  }
}

/** Reports the exit when the output was read; a process below the child may keep that open. */
function onLastOutput(
  child: ChildProcess,
  report: (code: number | null, signal: NodeJS.Signals | null) => void,
): void {
  child.once('exit', (code, signal) => {
    let isReported = false
    const reportOnce = (): void => {
      if (isReported) return
      isReported = true
      report(code, signal)
    }
    child.once('close', reportOnce)
    setTimeout(reportOnce, LAST_OUTPUT_MS)
  })
}

/** Loads what ends a tree only when it is needed. */
async function endChild(child: ChildProcess, pid: number, onFault: ChildDeps['onFault']): Promise<void> {
  const [{ endTree }, { loadLightEnder }] = await Promise.all([
    import('../wrap/end-tree.ts'),
    import('../os/light-ender.ts'),
  ])
  await endTree({
    ender: await loadLightEnder(),
    startedPid: () => (hasEnded(child) ? null : pid),
    reportLeftRunning: () => Promise.resolve(),
    onFault,
  })
}
