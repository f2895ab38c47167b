// A program of ours that a test drives over its stdin and stdout, one JSON object a line.
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { guardProcess, markProcess, type ProcessMark } from './processes.ts'
import type { Scope } from './scope.ts'

export interface DrivenProgram {
  mark: ProcessMark
  child: ChildProcess
  /** The first line that satisfies the question, of those said so far and later. */
  said(
    is: (message: Record<string, unknown>) => boolean,
    timeoutMs?: number,
  ): Promise<Record<string, unknown>>
  /** All that it wrote so far, to stdout and to stderr. */
  wrote(): string
  tell(message: object): void
  /** Ends its stdin and waits; kills it after `graceMs`. */
  close(graceMs?: number): Promise<void>
}

/** Starts it; it is closed when the scope ends. */
export function startDrivenProgram(
  scope: Scope,
  file: string,
  args: readonly string[],
  { cwd, env }: { cwd: string; env: NodeJS.ProcessEnv },
  /** Of a program that does not speak JSON. */
  parse: (line: string) => Record<string, unknown> = (line) => JSON.parse(line) as Record<string, unknown>,
): DrivenProgram {
  const child = spawn(file, [...args], { cwd, env, stdio: ['pipe', 'pipe', 'pipe'] })
  const mark = child.pid === undefined ? null : markProcess(child.pid)
  if (mark === null) throw new Error(`${file} could not be started`)
  const release = guardProcess(mark)
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  // Whoever writes to an ended program learns it from the answer that does not come.
  child.stdin.on('error', () => undefined)
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString('utf8')
  })

  let lines = ''
  const messages: Record<string, unknown>[] = []
  const waiters = new Set<() => void>()
  const wake = (): void => {
    for (const waiter of waiters) waiter()
  }
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines += `${line}\n`
    messages.push(parse(line))
    wake()
  })
  child.once('exit', wake)

  const close = async (graceMs = 10_000): Promise<void> => {
    child.stdin.end()
    const timer = setTimeout(() => child.kill('SIGKILL'), graceMs)
    if (child.exitCode === null && child.signalCode === null) await gone
    clearTimeout(timer)
    release()
  }
  scope.add(() => close())

  return {
    mark,
    child,
    close,
    wrote: () => lines + errors,
    tell: (message) => void child.stdin.write(`${JSON.stringify(message)}\n`),
    said(is, timeoutMs = 60_000) {
      return new Promise((resolve, reject) => {
        const finish = (settle: () => void): void => {
          clearTimeout(timer)
          waiters.delete(look)
          settle()
        }
        const fail = (why: string): void =>
          finish(() => reject(new Error(`${file}: ${why}\n${errors.slice(-4000)}`)))
        const timer = setTimeout(() => fail(`said nothing of the kind for ${timeoutMs} ms`), timeoutMs)
        const look = (): void => {
          const found = messages.find(is)
          if (found) finish(() => resolve(found))
          else if (child.exitCode !== null || child.signalCode !== null) {
            // Its last lines may still be on the way.
            setTimeout(() => {
              const late = messages.find(is)
              if (late) finish(() => resolve(late))
              else fail(`ended (${child.exitCode ?? child.signalCode})`)
            }, 50)
          }
        }
        waiters.add(look)
        look()
      })
    },
  }
}
