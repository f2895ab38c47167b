// A program that a test controls over its stdin and stdout, one JSON object per line.
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { guardProcess, markProcess, type ProcessMark } from './processes.ts'
import type { Scope } from './scope.ts'

export interface DrivenProgram {
  mark: ProcessMark
  child: ChildProcess
  /** Resolves to the first matching line, past or future. */
  said(
    is: (message: Record<string, unknown>) => boolean,
    timeoutMs?: number,
  ): Promise<Record<string, unknown>>
  /** Returns everything written so far to stdout and stderr. */
  wrote(): string
  send(message: object): void
  /** Ends its stdin and waits for its exit; kills it after `graceMs`. */
  close(graceMs?: number): Promise<void>
}

/** Starts it; it is closed when the scope ends. */
export function startDrivenProgram(
  scope: Scope,
  file: string,
  args: readonly string[],
  { cwd, env }: { cwd: string; env: NodeJS.ProcessEnv },
  /** Parser for a program that does not print JSON. */
  parse: (line: string) => Record<string, unknown> = (line) => JSON.parse(line) as Record<string, unknown>,
): DrivenProgram {
  const child = spawn(file, [...args], { cwd, env, stdio: ['pipe', 'pipe', 'pipe'] })
  const mark = child.pid === undefined ? null : markProcess(child.pid)
  if (mark === null) throw new Error(`${file} could not be started`)
  const release = guardProcess(mark)
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  // A write to an exited program needs no error: its answer does not arrive.
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
  let isClosed = false
  // At `close` its last lines have been read; at `exit` they may not.
  child.once('close', () => {
    isClosed = true
    wake()
  })

  const close = async (graceMs = 10_000): Promise<void> => {
    child.stdin.end()
    const timer = setTimeout(() => child.kill('SIGKILL'), graceMs)
    if (child.exitCode === null && child.signalCode === null) await exited
    clearTimeout(timer)
    release()
  }
  scope.add(() => close())

  return {
    mark,
    child,
    close,
    wrote: () => lines + errors,
    send: (message) => void child.stdin.write(`${JSON.stringify(message)}\n`),
    said(is, timeoutMs = 60_000) {
      return new Promise((resolve, reject) => {
        const finish = (settle: () => void): void => {
          clearTimeout(timer)
          waiters.delete(check)
          settle()
        }
        const fail = (why: string): void =>
          finish(() => reject(new Error(`${file}: ${why}\n${errors.slice(-4000)}`)))
        const timer = setTimeout(() => fail(`no matching line within ${timeoutMs} ms`), timeoutMs)
        const check = (): void => {
          const found = messages.find(is)
          if (found) finish(() => resolve(found))
          else if (isClosed) fail(`exited (${child.exitCode ?? child.signalCode})`)
        }
        waiters.add(check)
        check()
      })
    },
  }
}
