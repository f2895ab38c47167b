// A program whose stdin and stdout pass through us, byte for byte, while its client and it can both be slow, leave or break.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { realpathSync } from 'node:fs'
import { basename } from 'node:path'
import type { ClientWire } from './client-wire.ts'
import { isExecutable, isRunnable } from './executable.ts'
import { byteExactStart } from './raw-words.ts'
import { signalChild } from './signals.ts'

/** What was written before an end may still be on its way. */
const LAST_WORDS_MS = 300

export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  /** It has written nothing at all. */
  wasMute: boolean
}

export interface WrappedProgram {
  readonly pid: number
  /** Its end; all that it has written has been taken from it by then. */
  readonly ended: Promise<Ended>
  /** At once: what it has not read yet is lost. */
  closeInput(): void
  signal(signal: NodeJS.Signals): void
}

export interface WrappedStart {
  command: readonly [program: string, ...args: string[]]
  env: NodeJS.ProcessEnv
  wire: ClientWire
  /** Splits what it writes: `message` may go to the client. */
  split: (to: { message: (bytes: Buffer) => void; noise: (bytes: Buffer) => void }) => {
    push(chunk: Buffer): void
    end(): void
  }
}

/**
 * Where the kernel can tie a child's life to its parent's, the program that does so and then becomes the child: should we be
 * killed, Serena ends at once and not after its running tool (docs/wrap.md). Busybox's own cannot.
 */
function tied(
  { command, env }: Pick<WrappedStart, 'command' | 'env'>,
  platform: NodeJS.Platform,
): WrappedStart['command'] {
  // What cannot be started is Node's to say: it has a code for it.
  if (platform !== 'linux' || !isRunnable(command[0], env['PATH'])) return command
  const file = ['/usr/bin/setpriv', '/bin/setpriv'].find(
    (one) => isExecutable(one) && basename(realpathSync(one)) === 'setpriv',
  )
  return file === undefined ? command : [file, '--pdeathsig', 'TERM', '--', ...command]
}

/** Starts it as the leader of a session of its own; rejects with Node's error when it cannot be started. */
export async function startWrapped(
  start: WrappedStart,
  platform: NodeJS.Platform = process.platform,
): Promise<WrappedProgram> {
  const command = tied(start, platform)
  const [file, ...args] = command
  const exact = byteExactStart(command, start.env, platform)
  const child = spawn(exact?.file ?? file, exact?.args ?? args, {
    env: start.env,
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: platform !== 'win32',
    windowsHide: true,
  })
  const exited = new Promise<Pick<Ended, 'code' | 'signal'>>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
  })
  await once(child, 'spawn')
  const { pid } = child
  if (pid === undefined) throw new Error('a started child without a pid')
  passInput(child, start.wire)
  const output = passOutput(child, start)
  return {
    pid,
    ended: exited.then(async (how) => ({ ...how, wasMute: await output.drained() })),
    closeInput: () => void child.stdin?.destroy(),
    signal: (signal) => void signalChild(child, signal),
  }
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null

function passInput(child: ChildProcess, { input, early }: ClientWire): void {
  const { stdin } = child
  if (stdin === null) throw new Error('a started child without a stdin')
  // One that was started anew is told again what the first one was told.
  for (const chunk of early() ?? []) stdin.write(chunk)
  const take = (chunk: Buffer): void => {
    if (!stdin.destroyed && !stdin.write(chunk)) input.pause()
  }
  const goOn = (): void => void input.resume()
  const end = (): void => void stdin.end()
  input.on('data', take)
  stdin.on('drain', goOn)
  input.once('end', end)
  input.once('close', end)
  // A client that was killed resets the connection: that is an end of input as well.
  input.once('error', end)
  if (input.readableEnded || input.destroyed) end()
  else input.resume()
  const letGo = (): void => {
    input.off('data', take)
    for (const event of ['end', 'close', 'error']) input.off(event, end)
    input.on('error', () => undefined)
    input.pause()
  }
  child.once('exit', letGo)
  stdin.on('error', () => {
    letGo()
    // It reads no more, and lives: the client is to learn that as it would from the program itself.
    setTimeout(() => {
      if (!hasEnded(child)) input.destroy()
    }, LAST_WORDS_MS).unref()
  })
}

/** `drained` resolves when nothing of it is left to come; true: nothing ever came. */
function passOutput(child: ChildProcess, { wire, split }: WrappedStart): { drained(): Promise<boolean> } {
  const { stdout } = child
  if (stdout === null) throw new Error('a started child without a stdout')
  const { output } = wire
  let isMute = true
  let heardAtMs = performance.now()
  const lines = split({
    message: (bytes) => {
      if (!output.destroyed) output.write(bytes)
    },
    noise: wire.noise,
  })
  stdout.on('data', (chunk: Buffer) => {
    heardAtMs = performance.now()
    if (isMute) wire.forgetEarly()
    isMute = false
    lines.push(chunk)
    if (output.writableNeedDrain) stdout.pause()
  })
  const goOn = (): void => void stdout.resume()
  // The client reads no more: the program is to learn that as it would from the client.
  const leave = (): void => void stdout.destroy()
  output.on('drain', goOn)
  output.on('error', leave)
  const over = new Promise<void>((resolve) => stdout.once('close', resolve))
  stdout.on('error', () => undefined)
  stdout.once('end', () => {
    lines.end()
    setTimeout(() => {
      if (!hasEnded(child)) output.end()
    }, LAST_WORDS_MS).unref()
  })

  return {
    async drained() {
      // Somebody below it may hold its stdout open for ever.
      const idle = setInterval(() => {
        if (!stdout.isPaused() && performance.now() - heardAtMs > LAST_WORDS_MS) stdout.destroy()
      }, LAST_WORDS_MS)
      await over
      clearInterval(idle)
      output.off('drain', goOn)
      output.off('error', leave)
      output.on('error', () => undefined)
      return isMute
    },
  }
}
