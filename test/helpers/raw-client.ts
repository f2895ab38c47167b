// An MCP client that keeps every byte that it reads, to compare the output of two programs. It uses pipes or sockets as Node does,
// and can stop reading.
import { type ChildProcess, spawn } from 'node:child_process'
import { guardProcess, markProcess, type ProcessMark, signalProcess } from './processes.ts'
import type { Scope } from './scope.ts'
import { waitUntil } from './wait-until.ts'

export interface RawClient {
  readonly child: ChildProcess
  readonly mark: ProcessMark
  /** Writes one message and a line feed. */
  send(message: object): void
  /** The complete lines so far. */
  lines(): string[]
  /** Waits for the answers to these ids; returns the lines by id. */
  answers(ids: readonly number[], timeoutMs?: number): Promise<Map<number, string>>
  errors(): string
  /** The exit code, or the signal. */
  readonly ended: Promise<number | NodeJS.Signals>
}

const idIn = (line: string): unknown => (JSON.parse(line) as { id?: unknown }).id

/** Starts the program, which is killed when the scope ends. */
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

/** The first messages of every client. */
export function sayHello({ send }: RawClient, name = 'raw-client'): void {
  send({
    jsonrpc: '2.0',
    id: 0,
    method: 'initialize',
    params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name, version: '1.0.0' } },
  })
  send({ jsonrpc: '2.0', method: 'notifications/initialized' })
}

/** Returns a function that sends a request of this method and resolves when its answer has arrived. For benches. */
export function asker({ child, send }: RawClient, method: string): () => Promise<void> {
  let id = 1_000
  let text = ''
  let answered = (): void => undefined
  child.stdout?.on('data', (chunk: string) => {
    text += chunk
    const lines = text.split('\n')
    text = lines.pop() ?? ''
    if (lines.some((line) => line.includes(`"id":${id},`))) answered()
  })
  return () =>
    new Promise((resolve) => {
      id += 1
      answered = resolve
      send({ jsonrpc: '2.0', id, method })
    })
}
