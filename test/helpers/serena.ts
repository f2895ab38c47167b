// Starts real Serenas for tests as a client would, each in a SERENA_HOME of the test.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { delimiter, dirname, join } from 'node:path'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { cliProgram } from './backend.ts'
import { type DrivenProgram, startDrivenProgram } from './driven-program.ts'
import { listensOn } from './listening-port.ts'
import {
  guardProcess,
  isAlive,
  isDescendantOf,
  markProcess,
  markTree,
  type ProcessMark,
  parentsByPid,
  signalProcess,
} from './processes.ts'
import type { Scope } from './scope.ts'
import { makeSerenaHome, projectRoot } from './temp-home.ts'
import { waitUntil } from './wait-until.ts'

/** A release on PyPI. `npm test` installs 2.1.0 and 1.7.0, `npm run test:versions` the others. */
export type SerenaVersion = `${number}.${number}.${number}`

export interface SerenaStart {
  version?: SerenaVersion
  /** The MCP client that starts it: with socket pairs (Node) or pipes (Python; `python-sdk` is the official client). */
  client?: 'node' | 'python' | 'python-sdk'
  /** The launcher between client and instance (or our `wrap`). */
  launcher?: 'none' | 'sh' | 'uvx' | 'npx'
  /** Starts it through our `wrap`, with these flags. */
  wrap?: readonly string[]
  /** Omits the flag that keeps it from opening its dashboard. */
  leavesOpening?: boolean
  /** For 2.x; default: `tools`, because a REPL has no `list_dir` tool. */
  agentInterface?: 'tools' | 'repl'
  /** Default: a fresh one. */
  serenaHome?: string
  /** Path of the project to start with. */
  project?: string
  /** The command before `start-mcp-server`, instead of the installed program. */
  program?: readonly string[]
  /** The value of SERENA_HOME; the log is expected below `serenaHome`. */
  givenHome?: string
  /** More arguments of start-mcp-server. */
  args?: readonly string[]
  cwd?: string
  env?: NodeJS.ProcessEnv
  /** The client lets a sibling inherit its write end of the connection, so that the Serena keeps running after the client exits. */
  hasSibling?: boolean
  /** Command before the client (with streamable-http: before the Serena). */
  clientRunner?: readonly string[]
}

export interface RealSerena {
  /** The instance itself, never its launcher. */
  pid: number
  mark: ProcessMark
  /** The client process; with streamable-http the test itself. */
  clientPid: number
  serenaHome: string
  logFile: string
  /** Waits for the dashboard port in the log, and returns it. */
  dashboardPort(): Promise<number>
  /** Resolves to the text of the answer; rejects when the tool failed. */
  callTool(name: string, args: Record<string, unknown>): Promise<string>
  /** Calls `activate_project` with the session that 2.x requires. */
  activateProject(path: string): Promise<string>
  /** The process that inherited the client's write end; null: none. */
  siblingPid: number | null
  /** Closes the connection gracefully, and waits until both have exited. */
  close(): Promise<void>
  /** Sends SIGKILL to the client, which leaves the instance without a client. */
  killClient(): void
  /** Sends SIGKILL to the sibling that inherited the connection. */
  killSibling(): void
  /** Sends a command to the client program, such as `{leave: true}`, which closes its end of the connection and keeps running. */
  sendToClient(message: object): void
}

const programs = join(projectRoot, 'test', 'fixtures', 'programs')
const venvOf = (version: SerenaVersion): string => join(projectRoot, '.cache', 'serena', version)
const inVenv = (version: SerenaVersion, program: string): string =>
  process.platform === 'win32'
    ? join(venvOf(version), 'Scripts', `${program}.exe`)
    : join(venvOf(version), 'bin', program)

/** The program of that release. */
export const serenaProgram = (version: SerenaVersion): string => inVenv(version, 'serena')

/** The Python of that release. */
export const serenaPython = (version: SerenaVersion): string => inVenv(version, 'python')

/** Returns whether that Serena is installed; otherwise tests that need it are skipped. */
export function hasSerena(version: SerenaVersion = '2.1.0'): boolean {
  return existsSync(join(venvOf(version), 'complete'))
}

/** Returns whether uvx can start a 2.1.0 without a download. */
export function hasUvx(): boolean {
  return existsSync(join(projectRoot, '.cache', 'serena', 'uvx-2.1.0.complete'))
}

/** Returns whether a shared TypeScript language server is installed. */
export function hasLanguageServer(): boolean {
  return existsSync(
    join(projectRoot, '.cache/serena/language_servers/static/TypeScriptLanguageServer/ts-lsp/node_modules'),
  )
}

function serenaEnvironment(
  start: SerenaStart,
  version: SerenaVersion,
  serenaHome: string,
): NodeJS.ProcessEnv {
  return {
    ...process.env,
    PATH: `${join(inVenv(version, 'python'), '..')}${delimiter}${process.env['PATH'] ?? ''}`,
    UV_CACHE_DIR: join(projectRoot, '.cache', 'uv'),
    UV_NO_CONFIG: '1',
    UV_OFFLINE: '1',
    ...start.env,
    SERENA_HOME: start.givenHome ?? serenaHome,
    // 0.1.x supports only the home folder of the user.
    ...(version.startsWith('0.') && { HOME: dirname(serenaHome) }),
    SERENA_USAGE_REPORTING: 'false',
  }
}

/** The arguments after the program's name. */
function serenaArguments(start: SerenaStart, version: SerenaVersion): string[] {
  return [
    'start-mcp-server',
    ...(start.project === undefined ? [] : ['--project', start.project]),
    ...(version.startsWith('2.') ? ['--agent-interface', start.agentInterface ?? 'tools'] : []),
    // 0.1.x has no such flag.
    ...(version.startsWith('0.') || start.leavesOpening ? [] : ['--open-web-dashboard', 'false']),
    ...(start.args ?? []),
  ]
}

const quote = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`

function commandLine(start: SerenaStart, version: SerenaVersion): string[] {
  const args = serenaArguments(start, version)
  if (start.launcher === 'uvx') {
    const from = `serena-agent==${version}`
    return [inVenv(version, 'uvx'), '--python', inVenv(version, 'python'), '--from', from, 'serena', ...args]
  }
  const wrap = start.wrap ? [process.execPath, cliProgram, 'wrap', ...start.wrap, '--'] : []
  const plain = [...wrap, ...(start.program ?? [inVenv(version, 'serena')]), ...args]
  const script = plain.map(quote).join(' ')
  if (start.launcher === 'npx') return ['npx', '--offline', '-c', script]
  // The second command keeps the shell from replacing itself with Serena.
  return start.launcher === 'sh' ? ['sh', '-c', `${script}; exit $?`] : plain
}

/**
 * Waits for the log of the only Serena of this home that descends from `ancestor` (null: from any process); its name ends with the
 * pid.
 */
async function findLog(serenaHome: string, ancestor: number | null): Promise<{ pid: number; file: string }> {
  const logs = join(serenaHome, 'logs')
  return waitUntil(
    'a log file of the Serena that was started',
    () => {
      const parents = parentsByPid()
      for (const day of existsSync(logs) ? readdirSync(logs) : []) {
        for (const name of readdirSync(join(logs, day))) {
          const named = /_(\d+)\.txt$/.exec(name.replace(/^mcp_\d{8}-\d{6}/, ''))?.[1]
          // 0.1.x logs no pid: it is the only child of its client.
          const pid = named === undefined ? onlyChildOf(ancestor ?? 0, parents) : Number(named)
          if (ancestor === null || isDescendantOf(pid, ancestor, parents))
            return { pid, file: join(logs, day, name) }
        }
      }
      return null
    },
    { timeoutMs: 60_000 },
  )
}

const onlyChildOf = (parent: number, parents: ReadonlyMap<number, number>): number =>
  [...parents].find(([, of]) => of === parent)?.[0] ?? Number.NaN

const portInLog = (file: string): number | null => {
  const found = /dashboard (?:\(web UI\) )?started at http:\/\/[^/]*:(\d+)\//i.exec(
    readFileSync(file, 'utf8'),
  )
  return found ? Number(found[1]) : null
}

interface ClientConnection {
  clientPid: number
  call: (tool: string, args: Record<string, unknown>) => Promise<{ text: string; isError: boolean }>
  closeClient: () => Promise<void>
  killClient: () => void
  killSibling?: () => void
  siblingPid?: number | null
  sendToClient?: (message: object) => void
}

function realSerena(
  scope: Scope,
  connection: ClientConnection,
  found: { pid: number; file: string; serenaHome: string },
): RealSerena {
  const { pid, file, serenaHome } = found
  const mark = markProcess(pid)
  if (mark === null) throw new Error(`Serena (process ${pid}) exited at startup, see ${file}`)
  const release = guardProcess(mark)
  const endHard = (): void => {
    for (const process of isAlive(mark) ? markTree(pid) : []) signalProcess(process, 'SIGKILL')
    release()
  }
  const callTool: RealSerena['callTool'] = async (name, args) => {
    const { text, isError } = await connection.call(name, args)
    if (isError) throw new Error(`${name} failed: ${text}`)
    return text
  }
  const close = async (): Promise<void> => {
    await connection.closeClient()
    await waitUntil('the Serena to end after its client', () => !isAlive(mark)).catch(() => false)
    endHard()
  }
  scope.add(close)
  return {
    pid,
    mark,
    clientPid: connection.clientPid,
    serenaHome,
    logFile: file,
    dashboardPort: () => waitUntil('a dashboard port in the log', () => portInLog(file)),
    callTool,
    activateProject: (project) => callTool('activate_project', { project, session: 'test' }),
    close,
    killClient: connection.killClient,
    killSibling: () => connection.killSibling?.(),
    siblingPid: connection.siblingPid ?? null,
    sendToClient: (message) => connection.sendToClient?.(message),
  }
}

function drivenConnection(
  program: DrivenProgram,
  client: ProcessMark,
  sibling: ProcessMark | null,
): ClientConnection {
  let lastId = 0
  return {
    clientPid: client.pid,
    async call(tool, args) {
      lastId += 1
      const id = lastId
      program.send({ id, tool, args })
      const answer = await program.said((message) => message['id'] === id, 120_000)
      return { text: String(answer['text']), isError: answer['isError'] === true }
    },
    closeClient: () => program.close(),
    killClient: () => void signalProcess(client, 'SIGKILL'),
    killSibling: () => void (sibling && signalProcess(sibling, 'SIGKILL')),
    siblingPid: sibling?.pid ?? null,
    sendToClient: program.send,
  }
}

/** Returns a process that the client program reported; it is killed when the scope ends. */
function markNamed(scope: Scope, pid: unknown): ProcessMark | null {
  const mark = typeof pid === 'number' ? markProcess(pid) : null
  if (mark === null) return null
  const release = guardProcess(mark)
  scope.add(() => {
    signalProcess(mark, 'SIGKILL')
    release()
  })
  return mark
}

/**
 * Whether it has no dashboard because another Serena took the port: each looks for a free port, closes it and opens it again, so two
 * that start at the same moment may choose the same one.
 */
async function hasLostItsPort({ pid, mark, logFile }: RealSerena): Promise<boolean> {
  const port = portInLog(logFile)
  if (port === null || process.platform !== 'linux') return false
  const isListening = (): boolean => !isAlive(mark) || listensOn(pid, port)
  return waitUntil('its dashboard to listen', isListening, { timeoutMs: 10_000 }).then(
    () => false,
    () => true,
  )
}

/** Starts a Serena over stdio under a client of its own; resolves once MCP is initialized. */
export async function startSerena(scope: Scope, start: SerenaStart = {}): Promise<RealSerena> {
  const serena = await startOnce(scope, start)
  // A runner may put it into a network of its own.
  if (start.clientRunner || !(await hasLostItsPort(serena))) return serena
  await serena.close()
  return startOnce(scope, start)
}

async function startOnce(scope: Scope, start: SerenaStart): Promise<RealSerena> {
  const version = start.version ?? '2.1.0'
  const serenaHome = start.serenaHome ?? (await makeSerenaHome(scope))
  const script = { node: 'node-client.mjs', python: 'python_client.py', 'python-sdk': 'python_sdk_client.py' }
  const file = (start.client ?? 'node') === 'node' ? process.execPath : inVenv(version, 'python')
  const client = join(programs, script[start.client ?? 'node'])
  const flags = start.hasSibling ? ['--sibling'] : []
  const words = [...(start.clientRunner ?? []), file, client, ...flags, '--', ...commandLine(start, version)]
  const program = startDrivenProgram(scope, words[0] ?? file, words.slice(1), {
    cwd: start.cwd ?? start.project ?? serenaHome,
    env: serenaEnvironment(start, version, serenaHome),
  })
  const ready = await program.said((message) => message['ready'] === true)
  const sibling = markNamed(scope, ready['sibling'])
  // With a runner the client may not be a descendant.
  const own = start.clientRunner ? markNamed(scope, ready['client']) : program.mark
  if (own === null) throw new Error('the client exited at startup')
  const log = await findLog(serenaHome, start.clientRunner ? Number(ready['pid']) : own.pid)
  return realSerena(scope, drivenConnection(program, own, sibling), { ...log, serenaHome })
}

/** Returns a port that is free at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('a TCP server without a port')
  return address.port
}

/** Starts a Serena that serves MCP over streamable HTTP; the test itself is its client and its parent. */
export async function startHttpSerena(scope: Scope, start: SerenaStart = {}): Promise<RealSerena> {
  const version = start.version ?? '2.1.0'
  const serenaHome = start.serenaHome ?? (await makeSerenaHome(scope))
  const port = await freePort()
  const args = [...serenaArguments(start, version), '--transport', 'streamable-http', '--port', String(port)]
  const words = [...(start.clientRunner ?? []), inVenv(version, 'serena'), ...args]
  const program = startDrivenProgram(scope, words[0] ?? '', words.slice(1), {
    cwd: start.cwd ?? start.project ?? serenaHome,
    env: serenaEnvironment(start, version, serenaHome),
  })
  const log = await findLog(serenaHome, start.clientRunner ? null : program.mark.pid)
  const client = new Client({ name: 'http-client', version: '1.0.0' })
  await waitUntil(
    'the MCP server to answer',
    async () => {
      await client.connect(new StreamableHTTPClientTransport(new URL(`http://127.0.0.1:${port}/mcp`)))
      return true
    },
    { timeoutMs: 60_000, everyMs: 200 },
  )
  const connection: ClientConnection = {
    clientPid: process.pid,
    async call(name, toolArguments) {
      const answer = await client.callTool({ name, arguments: toolArguments })
      const parts = answer.content.map((part) => (part.type === 'text' ? part.text : ''))
      return { text: parts.join(''), isError: answer.isError === true }
    },
    async closeClient() {
      await client.close()
      signalProcess(program.mark, 'SIGTERM')
      await program.close()
    },
    killClient: () => {
      throw new Error('the client of a streamable-http Serena is the test itself')
    },
  }
  return realSerena(scope, connection, { ...log, serenaHome })
}
