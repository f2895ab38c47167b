// Children that we start, own and end. Those that still run when this process exits are killed.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { guardChild } from './guard-child.ts'
import { signalChild } from './signals.ts'
import { loadStartInJob } from './start-in-job.ts'

export interface OwnChild {
  readonly pid: number
  /** Null while it runs. */
  exit(): { code: number | null; signal: NodeJS.Signals | null } | null
  /** Lines of its stdout, each once; the result ends it. Lines that came before are given first. */
  onLine(listener: (line: string) => void): void
  /** Writes one line to its stdin. */
  writeLine(line: string): void
  signal(signal: NodeJS.Signals): void
  /** Ends its stdin, then SIGTERM, then SIGKILL, each after `graceMs`; resolves once it has exited. */
  stop(graceMs?: number): Promise<void>
}

export interface OwnChildOptions {
  cwd: string
  env: NodeJS.ProcessEnv
  /** Where its stderr goes; default: nowhere. */
  stderr?: 'inherit' | 'ignore'
}

/** Starts a program without a shell. Rejects with Node's own error when it cannot be started. */
export async function startOwnChild(
  file: string,
  args: readonly string[],
  { cwd, env, stderr = 'ignore' }: OwnChildOptions,
): Promise<OwnChild> {
  const startInJob = await loadStartInJob()
  const child = startInJob(() =>
    spawn(file, [...args], { cwd, env, stdio: ['pipe', 'pipe', stderr], windowsHide: true }),
  )
  await once(child, 'spawn')
  const { stdin, stdout, pid } = child
  if (stdin === null || stdout === null || pid === undefined) throw new Error('a started child without pipes')
  guardChild(child)

  let ended: { code: number | null; signal: NodeJS.Signals | null } | null = null
  const gone = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      ended = { code, signal }
      resolve()
    })
  })
  // A child that ended breaks the pipe: `exit` reports that.
  stdin.on('error', () => undefined)
  const early: string[] = []
  let listener = (line: string): void => void early.push(line)
  createInterface({ input: stdout }).on('line', (line) => listener(line))

  const isGoneWithin = async (ms: number): Promise<boolean> => {
    const timer = new AbortController()
    const late = new Promise<boolean>((resolve) => {
      const handle = setTimeout(() => resolve(false), ms)
      timer.signal.addEventListener('abort', () => clearTimeout(handle))
    })
    const hasExited = await Promise.race([gone.then(() => true), late])
    timer.abort()
    return hasExited
  }

  return {
    pid,
    exit: () => ended,
    onLine(next) {
      listener = next
      for (const line of early.splice(0)) next(line)
    },
    writeLine: (line) => void stdin.write(`${line}\n`),
    signal: (signal) => void signalChild(child, signal),
    async stop(graceMs = 2000) {
      stdin.end()
      if (await isGoneWithin(graceMs)) return
      signalChild(child, 'SIGTERM')
      if (await isGoneWithin(graceMs)) return
      signalChild(child, 'SIGKILL')
      await gone
    },
  }
}
