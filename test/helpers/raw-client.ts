// A client of MCP that keeps every byte it reads, to compare what two programs wrote. It gives its program pipes or sockets as Node
// does, and stops to read when it is told to.
import { type ChildProcess, spawn } from 'node:child_process'
import { guardProcess, markProcess, type ProcessMark, signalProcess } from './processes.ts'
import type { Scope } from './scope.ts'
import { waitUntil } from './wait-until.ts'

export interface RawClient {
  readonly child: ChildProcess
  readonly mark: ProcessMark
  /** Writes one message and a line end. */
  send(message: object): void
  /** Whole lines so far. */
  lines(): string[]
  /** The lines that answer these ids, by id; waits for all. */
  answers(ids: readonly number[], timeoutMs?: number): Promise<Map<number, string>>
  errors(): string
  /** The exit code, or the signal. */
  readonly ended: Promise<number | NodeJS.Signals>
}

const idIn = (line: string): unknown => (JSON.parse(line) as { id?: unknown }).id

/** Starts the program; killed when the scope ends. */
export function startRawClient(
  scope: Scope,
  [file, ...args]: readonly [string, ...string[]],
  { cwd, env }: { cwd: string; env: NodeJS.ProcessEnv },
): RawClient {
  const child = spawn(file, args, { cwd, env, stdio: 'pipe' })
  const mark = markProcess(child.pid ?? 0)
  if (mark === null) throw new Error(`${file} could not be started`)
  const release = guardProcess(mark)
  scope.add(() => {
    signalProcess(mark, 'SIGKILL')
    release()
  })
  let text = ''
  let errors = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    errors += chunk
  })
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream.on('error', () => undefined)
  const lines = (): string[] => text.split('\n').slice(0, -1)
  return {
    child,
    mark,
    send: (message) => void child.stdin.write(`${JSON.stringify(message)}\n`),
    lines,
    errors: () => errors,
    answers: (ids, timeoutMs = 120_000) =>
      waitUntil(
        `the answers to ${ids.length} requests`,
        () => {
          const all = lines()
          if (all.length < ids.length) return null
          const byId = new Map(all.map((line) => [idIn(line), line]))
          const found = ids.map((id) => [id, byId.get(id)] as const)
          return found.every((pair): pair is readonly [number, string] => pair[1] !== undefined)
            ? new Map(found)
            : null
        },
        { timeoutMs, everyMs: 100 },
      ),
    ended: new Promise((resolve) => {
      child.once('close', (code, signal) => resolve(signal ?? code ?? -1))
    }),
  }
}

/** What every client says first. */
export function sayHello({ send }: RawClient, name = 'raw-client'): void {
  send({
    jsonrpc: '2.0',
    id: 0,
    method: 'initialize',
    params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name, version: '1.0.0' } },
  })
  send({ jsonrpc: '2.0', method: 'notifications/initialized' })
}
