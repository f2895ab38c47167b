// One running Serena of the hub: a child of ours that speaks MCP over its stdin and stdout.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { AppError } from '#contract/errors'
import { createLineSplitter } from '../mcp/line-splitter.ts'
import { childCommand } from '../os/child-command.ts'
import { startInJob } from '../os/windows/job.ts'
import { hasEnded, tiedToParent } from '../wrap/wrapped-program.ts'
import type { SerenaSpec } from './serena-spec.ts'

/** Output from before an exit may still be in the pipe. */
const LAST_OUTPUT_MS = 300
const MAX_LINE_BYTES = 256 * 1024 * 1024
/** Enough for the reason of a failed start. */
const STDERR_TAIL_BYTES = 8 * 1024

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

const isMessage = (line: Buffer): boolean => /^\s*(\{\s*"|\[\s*\{)/.test(line.toString('latin1', 0, 64))

/** Starts it as the leader of its own session; rejects with Node's error when it cannot be started. */
export async function startSerenaChild(spec: SerenaSpec, deps: ChildDeps): Promise<SerenaChild> {
  if (spec.command.some((word) => LONE_SURROGATE.test(word)))
    throw new AppError('wrong-use', { issue: NOT_UTF8 })
  const { file, args, isVerbatim } = childCommand(tiedToParent(spec, process.platform), spec.env)
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
  let tail = Buffer.alloc(0)
  let hadNoOutput = true
  const addTail = (bytes: Buffer): void => {
    tail = Buffer.concat([tail, bytes]).subarray(-STDERR_TAIL_BYTES)
  }
  const lines = createLineSplitter(
    (line) => {
      if (!isMessage(line)) return addTail(Buffer.concat([line, Buffer.from('\n')]))
      hadNoOutput = false
      deps.onLine(line)
    },
    {
      maxBytes: MAX_LINE_BYTES,
      onTooLong: () => deps.onFault(new Error('a message of Serena is larger than 256 MiB')),
    },
  )
  stdout.on('data', lines.push)
  stderr.on('data', addTail)
  for (const stream of [stdin, stdout, stderr]) stream.on('error', () => undefined)
  // Reports the exit when its output was read; a process below it may keep that open.
  child.once('exit', (code, signal) => {
    let isReported = false
    const report = (): void => {
      if (isReported) return
      isReported = true
      const lastWords = tail.toString('utf8').trim()
      for (const stream of [stdin, stdout, stderr]) stream.destroy()
      deps.onExit({ code, signal, lastWords, hadNoOutput })
    }
    child.once('close', report)
    setTimeout(report, LAST_OUTPUT_MS)
  })
  await once(child, 'spawn')
  const { pid } = child
  if (pid === undefined) throw new Error('a started child without a pid')
  return {
    pid,
    write(line) {
      if (!stdin.destroyed) stdin.write(Buffer.concat([line, Buffer.from('\n')]))
    },
    async end() {
      stdin.destroy()
      const [{ endTree }, { loadLightEnder }] = await Promise.all([
        import('../wrap/end-tree.ts'),
        import('../os/light-ender.ts'),
      ])
      await endTree({
        ender: await loadLightEnder(),
        startedPid: () => (hasEnded(child) ? null : pid),
        reportLeftRunning: () => Promise.resolve(),
        onFault: deps.onFault,
      })
    },
  }
}
