// A long-lived program that is asked in lines and answers in lines: one question at a time, with a deadline, a bound on what
// it may print, and a new start when it hangs or dies. It holds nobody up: only an open question keeps us running.
import { type ChildProcess, spawn } from 'node:child_process'
import { Socket } from 'node:net'
import { signalChild } from '../signals.ts'

export interface AskedProgram {
  /** Sends a line; resolves with what follows `marker` in the line that holds it. Lines without it are noise. */
  ask(line: string, marker: string): Promise<string>
  /** Ends the program; open questions are rejected. */
  close(): Promise<void>
}

export interface AskedProgramOptions {
  file: string
  args: readonly string[]
  env: NodeJS.ProcessEnv
  /** From the sending of a question to its answer. */
  timeoutMs?: number
  /** What may come between a question and its answer. */
  maxBytes?: number
  /** Before the second start within a minute, doubled before the third. */
  backoffMs?: number
  /** No start for so long after the third failure within a minute. */
  restMs?: number
}

interface Question {
  line: string
  marker: string
  resolve: (answer: string) => void
  reject: (error: Error) => void
}

const FAILURE_WINDOW_MS = 60_000
const MAX_FAILURES = 3
/** More waiting than this means that nobody waits for the answers any more. */
const MAX_WAITING = 64
const CLOSE_GRACE_MS = 2_000
const NEWLINE = 10

const running = new Set<ChildProcess>()
let isGuarded = false

/** What a hung one would not do by itself when its stdin ends with us. */
function killLeftovers(): void {
  for (const child of running) signalChild(child, 'SIGKILL')
}

/** The program, started with the first question. */
export function createAskedProgram({
  file,
  args,
  env,
  timeoutMs = 20_000,
  maxBytes = 32 * 1024 * 1024,
  backoffMs = 250,
  restMs = 30_000,
}: AskedProgramOptions): AskedProgram {
  const waiting: Question[] = []
  let child: ChildProcess | null = null
  let current: Question | null = null
  /** Ref'd on purpose: an open question keeps the process alive, the program alone does not. */
  let timer: ReturnType<typeof setTimeout> | null = null
  let pieces: Buffer[] = []
  let bytes = 0
  let failures: { atMs: number; error: Error }[] = []
  let restsUntilMs = Number.NEGATIVE_INFINITY
  let isClosed = false

  function start(): ChildProcess {
    const started = spawn(file, [...args], { env, stdio: ['pipe', 'pipe', 'ignore'], windowsHide: true })
    if (!isGuarded) process.on('exit', killLeftovers)
    isGuarded = true
    running.add(started)
    started.once('exit', (code, signal) => {
      running.delete(started)
      lose(started, new Error(`${file} ended (${signal ?? `exit code ${code}`})`))
    })
    started.once('error', (error) => {
      running.delete(started)
      lose(started, new Error(`${file} cannot be started (${error.message})`, { cause: error }))
    })
    // A program that ended breaks the pipe: `exit` tells that.
    started.stdin?.on('error', () => undefined)
    started.stdout?.on('data', (chunk: Buffer) => {
      if (started === child) take(chunk)
    })
    started.unref()
    for (const pipe of [started.stdin, started.stdout]) if (pipe instanceof Socket) pipe.unref()
    return started
  }

  function sendNext(): void {
    if (current || timer || isClosed) return
    const lastError = failures.at(-1)?.error
    if (lastError && performance.now() < restsUntilMs) {
      for (const question of waiting.splice(0)) question.reject(lastError)
      return
    }
    const question = waiting.shift()
    if (!question) return
    current = question
    pieces = []
    bytes = 0
    try {
      child ??= start()
    } catch (error) {
      // Most failures come as an event; Windows throws those it has no name for, such as a program that policy forbids.
      return fail(new Error(`${file} cannot be started (${String(error)})`, { cause: error }))
    }
    timer = setTimeout(() => {
      if (child) lose(child, new Error(`${file} gave no answer for ${timeoutMs / 1000} s`))
    }, timeoutMs)
    child.stdin?.write(`${question.line}\n`)
  }

  /** The answer is the rest of the marker's line; everything else is noise. */
  function take(chunk: Buffer): void {
    if (!current) return
    bytes += chunk.length
    if (bytes > maxBytes && child)
      return lose(child, new Error(`${file} printed more than ${maxBytes} bytes`))
    pieces.push(chunk)
    if (!chunk.includes(NEWLINE)) return
    const printed = Buffer.concat(pieces)
    const end = printed.lastIndexOf(NEWLINE)
    pieces = [printed.subarray(end + 1)]
    const { marker } = current
    for (const line of printed.toString('utf8', 0, end).split('\n')) {
      const at = line.indexOf(marker)
      if (at >= 0) return settle().resolve(line.slice(at + marker.length).replace(/\r$/, ''))
    }
  }

  /** The question is over: the next one goes out after what its asker does now. */
  function settle(): Pick<Question, 'resolve' | 'reject'> {
    const question = current
    if (timer) clearTimeout(timer)
    timer = null
    current = null
    pieces = []
    queueMicrotask(sendNext)
    return question ?? { resolve: () => undefined, reject: () => undefined }
  }

  /** A child is of no use any more; one that was replaced already tells nothing. */
  function lose(lost: ChildProcess, error: Error): void {
    if (lost !== child) return
    child = null
    signalChild(lost, 'SIGKILL')
    fail(error)
  }

  /** What was asked is rejected; what waits goes to the next start, if there is one soon. */
  function fail(error: Error): void {
    if (current) settle().reject(error)
    if (isClosed) return
    const nowMs = performance.now()
    failures = [...failures.filter(({ atMs }) => nowMs - atMs < FAILURE_WINDOW_MS), { atMs: nowMs, error }]
    if (failures.length >= MAX_FAILURES) restsUntilMs = nowMs + restMs
    else wait(backoffMs * 2 ** (failures.length - 1))
  }

  function wait(ms: number): void {
    timer = setTimeout(() => {
      timer = null
      sendNext()
    }, ms)
    if (waiting.length === 0) timer.unref()
  }

  return {
    ask(line, marker) {
      if (isClosed) return Promise.reject(new Error(`${file} was closed`))
      if (waiting.length >= MAX_WAITING)
        return Promise.reject(new Error(`${file} has too many open questions`))
      return new Promise((resolve, reject) => {
        waiting.push({ line, marker, resolve, reject })
        timer?.ref()
        sendNext()
      })
    },

    async close() {
      isClosed = true
      const ending = child
      child = null
      const error = new Error(`${file} was closed`)
      settle().reject(error)
      for (const question of waiting.splice(0)) question.reject(error)
      if (!ending || !running.has(ending)) return
      ending.ref()
      ending.stdin?.end()
      await new Promise<void>((resolve) => {
        const killer = setTimeout(() => signalChild(ending, 'SIGKILL'), CLOSE_GRACE_MS)
        ending.once('exit', () => {
          clearTimeout(killer)
          resolve()
        })
      })
    },
  }
}
