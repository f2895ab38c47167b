// One program that answers one question at a time. It is started with the first question, killed when it hangs or prints too much,
// and started again with the next question.
import { type ChildProcess, spawn } from 'node:child_process'
import { Socket } from 'node:net'
import { guardChild } from '../guard-child.ts'
import { signalChild } from '../signals.ts'
import { createAnswerReader } from './answer-reader.ts'

const CLOSE_GRACE_MS = 2_000

export interface QueryChildOptions {
  file: string
  args: readonly string[]
  env: NodeJS.ProcessEnv
  /** From the sending of a question to its answer. */
  timeoutMs: number
  /** The most that may come between a question and its answer. */
  maxBytes: number
}

export interface QueryChild {
  /** Sends a line; resolves with what follows `marker` in the line that holds it. No other question may be open. */
  ask(line: string, marker: string): Promise<string>
  /** Ends the program; an open question is rejected. */
  close(): Promise<void>
}

interface Question {
  read: ReturnType<typeof createAnswerReader>
  resolve: (answer: string) => void
  reject: (error: Error) => void
  timer: ReturnType<typeof setTimeout>
}

/** Creates the child. `onLost` is called when the program exited, was killed or could not be started. */
export function createQueryChild(options: QueryChildOptions, onLost: (error: Error) => void): QueryChild {
  const { file, timeoutMs, maxBytes } = options
  let child: ChildProcess | null = null
  let open: Question | null = null

  /** Ends the open question, without an answer. */
  function settle(): Question | null {
    const question = open
    if (question) clearTimeout(question.timer)
    open = null
    return question
  }

  function lose(lost: ChildProcess | null, error: Error): void {
    // A child that was already replaced is ignored.
    if (lost !== child) return
    child = null
    if (lost) signalChild(lost, 'SIGKILL')
    onLost(error)
    settle()?.reject(error)
  }

  function take(chunk: Buffer): void {
    const read = open?.read(chunk)
    if (read?.kind === 'too-long') lose(child, new Error(`${file} printed more than ${maxBytes} bytes`))
    if (read?.kind === 'answer') settle()?.resolve(read.text)
  }

  return {
    ask: (line, marker) =>
      new Promise((resolve, reject) => {
        // An open question keeps this process running; the program alone does not.
        const timer = setTimeout(
          () => lose(child, new Error(`${file} did not answer for ${timeoutMs / 1000} s`)),
          timeoutMs,
        )
        open = { read: createAnswerReader(marker, maxBytes), resolve, reject, timer }
        try {
          child ??= start(options, lose, (from, chunk) => from === child && take(chunk))
        } catch (error) {
          // Most failures come as an event; Windows throws those it has no name for, such as a program that policy forbids.
          return lose(null, cannotStart(file, error))
        }
        child.stdin?.write(`${line}\n`)
      }),

    async close() {
      const ending = child
      child = null
      settle()?.reject(new Error(`${file} was closed`))
      if (ending) await endChild(ending)
    },
  }
}

function start(
  { file, args, env }: QueryChildOptions,
  onLost: (child: ChildProcess, error: Error) => void,
  onData: (child: ChildProcess, chunk: Buffer) => void,
): ChildProcess {
  const child = spawn(file, [...args], { env, stdio: ['pipe', 'pipe', 'ignore'], windowsHide: true })
  guardChild(child)
  child.once('exit', (code, signal) =>
    onLost(child, new Error(`${file} exited (${signal ?? `exit code ${code}`})`)),
  )
  child.once('error', (error) => onLost(child, cannotStart(file, error.message, error)))
  // A program that ended breaks the pipe: `exit` reports that.
  child.stdin?.on('error', () => undefined)
  child.stdout?.on('data', (chunk: Buffer) => onData(child, chunk))
  child.unref()
  for (const pipe of [child.stdin, child.stdout]) if (pipe instanceof Socket) pipe.unref()
  return child
}

const cannotStart = (file: string, why: unknown, cause: unknown = why): Error =>
  new Error(`cannot start ${file} (${String(why)})`, { cause })

/** Ends its stdin, then kills it. */
async function endChild(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  child.ref()
  child.stdin?.end()
  await new Promise<void>((resolve) => {
    const killer = setTimeout(() => signalChild(child, 'SIGKILL'), CLOSE_GRACE_MS)
    child.once('exit', () => {
      clearTimeout(killer)
      resolve()
    })
  })
}
