// Runs a program whose stdin and stdout pass through this process byte for byte; client and program may each be slow, exit or fail.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { realpathSync } from 'node:fs'
import { basename } from 'node:path'
import { childCommand } from '../os/child-command.ts'
import { isExecutable, isRunnable } from '../os/executable.ts'
import { signalChild } from '../os/signals.ts'
import { loadStartInJob } from '../os/start-in-job.ts'
import type { ClientStdio } from './client-connection.ts'
import { byteExactStart } from './raw-arguments.ts'

/** Output from before an exit may still be in the pipe. */
const LAST_OUTPUT_MS = 300

export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  /** It has written nothing. */
  hadNoOutput: boolean
}

export interface WrappedProgram {
  /** Null once it has exited, even if its output is still being read: its pid may be another process's. */
  runningPid(): number | null
  /** Resolves after its exit, when all its output has been read. */
  readonly ended: Promise<Ended>
  /** Closes at once: unread input is lost. */
  closeInput(): void
  signal(signal: NodeJS.Signals): void
}

export interface WrappedStart {
  command: readonly [program: string, ...args: string[]]
  env: NodeJS.ProcessEnv
  connection: ClientStdio
  /** Splits its output: `message` may go to the client. */
  split: (to: { message: (bytes: Buffer) => void; other: (bytes: Buffer) => void }) => {
    push(chunk: Buffer): void
    end(): void
  }
}

/**
 * Adds setpriv where the kernel can end a child with its parent: if this process is killed, Serena ends at once instead of after its
 * running tool (docs/wrap.md). The setpriv of Busybox cannot do that.
 */
export function tiedToParent(
  { command, env }: { command: WrappedStart['command']; env: Readonly<NodeJS.ProcessEnv> },
  platform: NodeJS.Platform,
): WrappedStart['command'] {
  // Node reports a program that cannot be started, with a code.
  if (platform !== 'linux' || !isRunnable(command[0], env['PATH'])) return command
  const file = ['/usr/bin/setpriv', '/bin/setpriv'].find(
    (one) => isExecutable(one) && basename(realpathSync(one)) === 'setpriv',
  )
  return file === undefined ? command : [file, '--pdeathsig', 'TERM', '--', ...command]
}

/** Starts it as the leader of its own session; rejects with Node's error when it cannot be started. */
export async function startWrapped(
  start: WrappedStart,
  platform: NodeJS.Platform = process.platform,
): Promise<WrappedProgram> {
  const command = tiedToParent(start, platform)
  const { file, args, isVerbatim } = childCommand(command, start.env, platform)
  const exact = byteExactStart(command, start.env, platform)
  const startInJob = await loadStartInJob(platform)
  const child = startInJob(() =>
    spawn(exact?.file ?? file, exact?.args ?? args, {
      env: start.env,
      stdio: ['pipe', 'pipe', 'inherit'],
      detached: platform !== 'win32',
      windowsHide: true,
      windowsVerbatimArguments: isVerbatim,
    }),
  )
  const exited = new Promise<Pick<Ended, 'code' | 'signal'>>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
  })
  await once(child, 'spawn')
  const { pid } = child
  if (pid === undefined) throw new Error('a started child without a pid')
  passInput(child, start.connection)
  const output = passOutput(child, start)
  return {
    runningPid: () => (hasEnded(child) ? null : pid),
    ended: exited.then(async (how) => ({ ...how, hadNoOutput: await output.drained() })),
    closeInput: () => void child.stdin?.destroy(),
    signal: (signal) => void signalChild(child, signal),
  }
}

/** Whether Node has seen its exit. */
export const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode !== null || signalCode !== null

function passInput(child: ChildProcess, { input, early }: ClientStdio): void {
  const { stdin } = child
  if (stdin === null) throw new Error('a started child without a stdin')
  // A second start gets the input of the first one again.
  for (const chunk of early() ?? []) stdin.write(chunk)
  const take = (chunk: Buffer): void => {
    if (!stdin.destroyed && !stdin.write(chunk)) input.pause()
  }
  const resume = (): void => void input.resume()
  const end = (): void => void stdin.end()
  input.on('data', take)
  stdin.on('drain', resume)
  input.once('end', end)
  input.once('close', end)
  // A killed client resets the connection, which ends the input as well.
  input.once('error', end)
  if (input.readableEnded || input.destroyed) end()
  else input.resume()
  const detach = (): void => {
    input.off('data', take)
    for (const event of ['end', 'close', 'error']) input.off(event, end)
    input.on('error', () => undefined)
    input.pause()
  }
  child.once('exit', detach)
  stdin.on('error', () => {
    detach()
    // It has closed its stdin but is running: the client gets the same error as from the program itself.
    setTimeout(() => {
      if (!hasEnded(child)) input.destroy()
    }, LAST_OUTPUT_MS).unref()
  })
}

/** `drained` resolves when all output was read; true: there was none. */
function passOutput(
  child: ChildProcess,
  { connection, split }: WrappedStart,
): { drained(): Promise<boolean> } {
  const { stdout } = child
  if (stdout === null) throw new Error('a started child without a stdout')
  const { output } = connection
  let isMute = true
  let heardAtMs = performance.now()
  const lines = split({
    message: (bytes) => {
      if (!output.destroyed) output.write(bytes)
    },
    other: connection.writeStderr,
  })
  stdout.on('data', (chunk: Buffer) => {
    heardAtMs = performance.now()
    if (isMute) connection.forgetEarly()
    isMute = false
    lines.push(chunk)
    if (output.writableNeedDrain) stdout.pause()
  })
  const resume = (): void => void stdout.resume()
  // The client has closed its end: the program gets the same error as from the client.
  const leave = (): void => void stdout.destroy()
  output.on('drain', resume)
  output.on('error', leave)
  const over = new Promise<void>((resolve) => stdout.once('close', resolve))
  stdout.on('error', () => undefined)
  stdout.once('end', () => {
    lines.end()
    setTimeout(() => {
      if (!hasEnded(child)) output.end()
    }, LAST_OUTPUT_MS).unref()
  })

  return {
    async drained() {
      // A process below it may keep its stdout open.
      const idle = setInterval(() => {
        if (!stdout.isPaused() && performance.now() - heardAtMs > LAST_OUTPUT_MS) stdout.destroy()
      }, LAST_OUTPUT_MS)
      await over
      clearInterval(idle)
      output.off('drain', resume)
      output.off('error', leave)
      output.on('error', () => undefined)
      return isMute
    },
  }
}
