// The same real Serena twice for one project: directly over stdio, and through a hub. Compares what they answer to the same bytes.
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { createLineSplitter } from '../../extensions/backend/mcp/line-splitter.ts'
import { startTestHub } from './hub.ts'
import { guardProcess, markProcess, markTree, signalProcess } from './processes.ts'
import type { Scope } from './scope.ts'
import { type SerenaVersion, serenaProgram } from './serena.ts'
import { makeSerenaHome, makeTypeScriptProject } from './temp-home.ts'
import { waitUntil } from './wait-until.ts'

interface Connection {
  write(text: string): void
  lines(): readonly string[]
}

export interface SerenaPair {
  direct: Connection
  hub: Connection
}

interface Start {
  version: SerenaVersion
  agentInterface?: 'tools' | 'repl'
  context?: string
}

/** The same Serena, directly and through a hub, for one project. */
export async function startPair(
  scope: Scope,
  { version, agentInterface = 'tools', context }: Start,
): Promise<SerenaPair> {
  const { path: cwd } = await makeTypeScriptProject(scope)
  writeFileSync(join(cwd, 'long.txt'), `${'Äpfel, 苹果, 🍏 und Birnen. '.repeat(4_000)}\n`)
  const serenaHome = await makeSerenaHome(scope)
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: serenaHome,
    SERENA_HOME: serenaHome,
    SERENA_USAGE_REPORTING: 'false',
  }
  const command: [string, ...string[]] = [
    serenaProgram(version),
    'start-mcp-server',
    '--project',
    cwd,
    ...(version.startsWith('2.') ? ['--agent-interface', agentInterface] : []),
    ...(context === undefined ? [] : ['--context', context]),
    '--enable-web-dashboard',
    'false',
  ]
  const client = await (await startTestHub(scope)).client({ command, env, cwd, name: null })
  return {
    direct: startDirect(scope, command, { cwd, env }),
    hub: { write: (text) => void client.socket.write(text), lines: client.lines },
  }
}

function startDirect(
  scope: Scope,
  [file, ...args]: [string, ...string[]],
  of: { cwd: string; env: NodeJS.ProcessEnv },
): Connection {
  const child = spawn(file, args, { ...of, stdio: ['pipe', 'pipe', 'ignore'] })
  const mark = markProcess(child.pid ?? 0)
  if (mark === null) throw new Error(`${file} could not be started`)
  const release = guardProcess(mark)
  scope.add(() => {
    for (const one of markTree(mark.pid)) signalProcess(one, 'SIGKILL')
    release()
  })
  const lines: string[] = []
  const splitter = createLineSplitter((line) => void lines.push(line.toString('utf8')), {
    maxBytes: 2 ** 28,
    onTooLong: () => undefined,
  })
  child.stdout.on('data', splitter.push)
  return { write: (text) => void child.stdin.write(text), lines: () => lines }
}

type Message = Record<string, unknown>
export const request = (id: unknown, method: string, params?: object): string =>
  `${JSON.stringify({ jsonrpc: '2.0', id, method, ...(params && { params }) })}\n`
export const initialize = (id: unknown, protocolVersion = '2025-06-18'): string =>
  request(id, 'initialize', {
    protocolVersion,
    capabilities: {},
    clientInfo: { name: 'raw', version: '1' },
  })
export const INITIALIZED = '{"jsonrpc":"2.0","method":"notifications/initialized"}\n'
export const call = (id: number, name: string, args: object): string =>
  request(id, 'tools/call', { name, arguments: args })

export const idOf = (line: string): string => JSON.stringify((JSON.parse(line) as Message)['id'])

/** Sends it, waits for the answer to the last request, and returns all lines. */
export async function exchange(
  connection: Connection,
  text: string,
  lastId: unknown,
): Promise<readonly string[]> {
  connection.write(text)
  await waitUntil(
    `the answer to ${JSON.stringify(lastId)}`,
    () => connection.lines().some((line) => idOf(line) === JSON.stringify(lastId)),
    { timeoutMs: 60_000, everyMs: 20 },
  )
  return connection.lines()
}

/** Sends the same to both, waits for an answer, and expects the same lines, in any order. */
export async function expectEqual({ direct, hub }: SerenaPair, text: string, lastId: unknown): Promise<void> {
  await Promise.all([exchange(direct, text, lastId), exchange(hub, text, lastId)])
  // The hub answers a ping by itself, before the answer to an earlier request.
  const expected = (): string[] => normal(direct.lines())
  const isEqual = (): boolean => JSON.stringify(normal(hub.lines())) === JSON.stringify(expected())
  await waitUntil('equal answers', isEqual, { timeoutMs: 5_000 }).catch(() => undefined)
  expect(normal(hub.lines())).toEqual(expected())
}

/** Ids are compared as values. 1.x reports broken lines in a log notification, which is left out. */
const normal = (lines: readonly string[]): string[] =>
  lines
    .filter((line) => !line.includes('"mcp.server.exception_handler"'))
    .map((line) => line.replace('"id":"\\u00e9"', '"id":"é"'))
    .toSorted()
