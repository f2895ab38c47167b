// Real Serenas for tests, each started the way a client would start it, each in a SERENA_HOME of the test.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { delimiter, dirname, join } from 'node:path'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { cliProgram } from './backend.ts'
import { type DrivenProgram, startDrivenProgram } from './driven-program.ts'
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

/** A release on PyPI; `npm test` installs 2.1.0 and 1.7.0, `npm run test:versions` the others. */
export type SerenaVersion = `${number}.${number}.${number}`

export interface SerenaStart {
  version?: SerenaVersion
  /** The program that starts it and speaks MCP with it: socketpairs (Node) or pipes (Python; `python-sdk` is the official client). */
  client?: 'node' | 'python' | 'python-sdk'
  /** What stands between client and instance (or our `wrap`). */
  launcher?: 'none' | 'sh' | 'uvx' | 'npx'
  /** Our `wrap` stands there, with these flags. */
  wrap?: readonly string[]
  /** Without the flag that keeps its own dashboard from being opened. */
  leavesOpening?: boolean
  /** Of a 2.x; default: `tools`, because a REPL has no `list_dir` to call. */
  agentInterface?: 'tools' | 'repl'
  /** Default: a fresh one. */
  serenaHome?: string
  /** Path of the project to start with. */
  project?: string
  /** The words before `start-mcp-server`, in place of the installed program. */
  program?: readonly string[]
  /** SERENA_HOME as it is given; the log is looked for below `serenaHome`. */
  givenHome?: string
  /** More arguments of start-mcp-server. */
  args?: readonly string[]
  cwd?: string
  env?: NodeJS.ProcessEnv
  /** The client lets a sibling inherit its writing end of the wire, so that no end of the client ends the Serena. */
  hasSibling?: boolean
  /** A command line that starts the client (of streamable-http: the Serena). */
  clientRunner?: readonly string[]
}

export interface RealSerena {
  /** The instance itself, never its launcher. */
  pid: number
  mark: ProcessMark
  /** The process that speaks MCP with it; the test itself for streamable-http. */
  clientPid: number
  serenaHome: string
  logFile: string
  /** The dashboard's port as the log names it; waits for it. */
  dashboardPort(): Promise<number>
  /** The text of the answer; rejects when the tool failed. */
  callTool(name: string, args: Record<string, unknown>): Promise<string>
  /** `activate_project` with the session that a 2.x asks for. */
  activateProject(path: string): Promise<string>
  /** Who holds the client's writing end as well; null: nobody. */
  siblingPid: number | null
  /** Closes as a polite client does, and waits for the end of both. */
  close(): Promise<void>
  /** SIGKILL to the client: nobody speaks with the instance any more. */
  killClient(): void
  /** SIGKILL to the sibling that the client left the wire with. */
  killSibling(): void
  /** To the client program, such as `{leave: true}`: it closes its end of the wire and lives on. */
  tellClient(message: object): void
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

/** Whether `npm test` could install that Serena; tests that need it are skipped otherwise. */
export function hasSerena(version: SerenaVersion = '2.1.0'): boolean {
  return existsSync(join(venvOf(version), 'complete'))
}

/** Whether uvx can start a 2.1.0 without a download. */
export function hasUvx(): boolean {
  return existsSync(join(projectRoot, '.cache', 'serena', 'uvx-2.1.0.complete'))
}

/** Whether a TypeScript language server is there to be shared. */
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
    // 0.1.x knows only the person's home folder.
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
    // 0.1.x knows no such flag.
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
  // The second command keeps the shell from replacing itself by Serena.
  return start.launcher === 'sh' ? ['sh', '-c', `${script}; exit $?`] : plain
}

/** The log of the one Serena of this home that descends from `ancestor` (null: of anybody); its name ends with the pid. */
async function findLog(serenaHome: string, ancestor: number | null): Promise<{ pid: number; file: string }> {
  const logs = join(serenaHome, 'logs')
  return waitUntil(
    'a log file of the Serena that was started',
    () => {
      const parents = parentsByPid()
      for (const day of existsSync(logs) ? readdirSync(logs) : []) {
        for (const name of readdirSync(join(logs, day))) {
          const named = /_(\d+)\.txt$/.exec(name.replace(/^mcp_\d{8}-\d{6}/, ''))?.[1]
          // 0.1.x names no pid: then it is the one child of its client.
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

interface Wire {
  clientPid: number
  call: (tool: string, args: Record<string, unknown>) => Promise<{ text: string; isError: boolean }>
  closeClient: () => Promise<void>
  killClient: () => void
  killSibling?: () => void
  siblingPid?: number | null
  tellClient?: (message: object) => void
}

function realSerena(
  scope: Scope,
  wire: Wire,
  found: { pid: number; file: string; serenaHome: string },
): RealSerena {
  const { pid, file, serenaHome } = found
  const mark = markProcess(pid)
  if (mark === null) throw new Error(`the Serena ${pid} ended at its start, see ${file}`)
  const release = guardProcess(mark)
  const endHard = (): void => {
    for (const process of isAlive(mark) ? markTree(pid) : []) signalProcess(process, 'SIGKILL')
    release()
  }
  const callTool: RealSerena['callTool'] = async (name, args) => {
    const { text, isError } = await wire.call(name, args)
    if (isError) throw new Error(`${name} failed: ${text}`)
    return text
  }
  const close = async (): Promise<void> => {
    await wire.closeClient()
    await waitUntil('the Serena to end after its client', () => !isAlive(mark), { timeoutMs: 15_000 }).catch(
      () => false,
    )
    endHard()
  }
  scope.add(close)
  return {
    pid,
    mark,
    clientPid: wire.clientPid,
    serenaHome,
    logFile: file,
    dashboardPort: () =>
      waitUntil('a dashboard port in the log', () => portInLog(file), { timeoutMs: 30_000 }),
    callTool,
    activateProject: (project) => callTool('activate_project', { project, session: 'test' }),
    close,
    killClient: wire.killClient,
    killSibling: () => wire.killSibling?.(),
    siblingPid: wire.siblingPid ?? null,
    tellClient: (message) => wire.tellClient?.(message),
  }
}

function drivenWire(program: DrivenProgram, client: ProcessMark, sibling: ProcessMark | null): Wire {
  let lastId = 0
  return {
    clientPid: client.pid,
    async call(tool, args) {
      lastId += 1
      const id = lastId
      program.tell({ id, tool, args })
      const answer = await program.said((message) => message['id'] === id, 120_000)
      return { text: String(answer['text']), isError: answer['isError'] === true }
    },
    closeClient: () => program.close(),
    killClient: () => void signalProcess(client, 'SIGKILL'),
    killSibling: () => void (sibling && signalProcess(sibling, 'SIGKILL')),
    siblingPid: sibling?.pid ?? null,
    tellClient: program.tell,
  }
}

/** A process that the client program named; it is killed when the scope ends. */
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

/** Starts a Serena over stdio under a client of its own; resolves once MCP is initialised. */
export async function startSerena(scope: Scope, start: SerenaStart = {}): Promise<RealSerena> {
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
  // Under a runner the client may descend from nobody.
  const own = start.clientRunner ? markNamed(scope, ready['client']) : program.mark
  if (own === null) throw new Error('the client ended at its start')
  const log = await findLog(serenaHome, start.clientRunner ? Number(ready['pid']) : own.pid)
  return realSerena(scope, drivenWire(program, own, sibling), { ...log, serenaHome })
}

/** A port nobody listens on at this moment. */
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
  const wire: Wire = {
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
  return realSerena(scope, wire, { ...log, serenaHome })
}
