// Starts clients of fake Serenas with every kind of connection (test/fixtures/programs/mcp_stage.py).
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import {
  guardProcess,
  isAlive,
  markProcess,
  type ProcessMark,
  parentsByPid,
  signalProcess,
} from './processes.ts'
import type { Scope } from './scope.ts'
import { makeTempFolder, projectRoot } from './temp-home.ts'
import { waitUntil } from './wait-until.ts'

const programs = join(projectRoot, 'test', 'fixtures', 'programs')
/** The Python of the system, which other users can run as well. */
export const python = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3'
/** A program that is detected as a Serena and runs until it is killed. */
export const fakeSerena: readonly string[] = [
  python,
  join(programs, 'fake-serena', 'serena'),
  'start-mcp-server',
  '--enable-web-dashboard',
  'false',
]

const STAGE = 'SERENA_DECK_TEST_STAGE'

export type Channel = 'pipe' | 'sockets' | 'socket' | 'fifo' | 'pty'

export interface StageStart {
  channel: Channel
  serenaHome: string
  /** The command that starts the server; default: the fake Serena. */
  command?: readonly string[]
  env?: Readonly<Record<string, string>>
  hides?: boolean
  leaderExits?: boolean
  starterLeaves?: boolean
  /** Command before the client, such as another user. */
  runner?: readonly string[]
}

export interface Stage {
  client: ProcessMark
  /** The pid of the server, from its answer to the first line. */
  server: ProcessMark
  /** Null: the server does not answer. */
  ping(): Promise<number | null>
  close(...ends: ('input' | 'output')[]): Promise<void>
  /** Lets a `sleep` inherit that end. */
  leak(end: 'input' | 'output'): Promise<ProcessMark>
  killClient(): void
}

/** Starts a client, which starts a server; both are killed when the scope ends. `inner`: finds the server if its pid differs here. */
export async function startStage(
  scope: Scope,
  start: StageStart,
  findServer: (saidPid: number) => number = (pid) => pid,
): Promise<Stage> {
  const folder = await makeTempFolder(scope, 'stage')
  await chmod(folder, 0o777)
  const path = join(folder, 'control')
  scope.add(() => endStage(folder))
  const connected = new Promise<Socket>((resolve, reject) => {
    const server = createServer((socket) => {
      resolve(socket)
      server.close()
    })
    server.on('error', reject)
    server.listen(path, () => void chmod(path, 0o777))
    scope.add(() => void server.close())
  })
  const { channel, command = fakeSerena, hides, leaderExits, starterLeaves } = start
  const env = { ...start.env, SERENA_HOME: start.serenaHome, [STAGE]: folder }
  const spec = { control: path, channel, command, env, hides, leaderExits, starterLeaves, folder }
  const words = [...(start.runner ?? []), python, join(programs, 'mcp_stage.py'), JSON.stringify(spec)]
  const child = spawn(words[0] ?? '', words.slice(1), { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => {
    errors += String(chunk)
  })
  const failed = new Promise<never>((_, reject) => {
    child.once('exit', () => reject(new Error(`the client of a stage has exited: ${errors}`)))
  })
  failed.catch(() => undefined)
  const socket = await Promise.race([connected, failed])
  socket.on('error', () => undefined)
  scope.add(() => void socket.destroy())
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]()
  const nextLine = async (): Promise<Record<string, unknown>> => {
    const next = await lines.next()
    return next.done === true
      ? { error: 'the client has exited' }
      : (JSON.parse(next.value) as Record<string, unknown>)
  }
  const act = async (message: object): Promise<Record<string, unknown>> => {
    socket.write(`${JSON.stringify(message)}\n`)
    return nextLine()
  }
  const own = (pid: unknown): ProcessMark => {
    const mark = typeof pid === 'number' ? markProcess(pid) : null
    if (mark === null) throw new Error(`no process ${String(pid)}`)
    const release = guardProcess(mark)
    scope.add(() => {
      signalProcess(mark, 'SIGKILL')
      release()
    })
    return mark
  }
  await nextLine()
  const client = own(child.pid)
  const ping = async (): Promise<number | null> => {
    const { pid } = await act({ do: 'ping' })
    return typeof pid === 'number' ? findServer(pid) : null
  }
  const server = own(await ping())
  return {
    client,
    server,
    ping,
    close: async (...ends) => void (await act({ do: 'close', ends })),
    leak: async (end) => own((await act({ do: 'leak', end }))['sibling']),
    killClient: () => void signalProcess(client, 'SIGKILL'),
  }
}

/** Kills every process started for that stage, whatever its parent is now. */
function endStage(folder: string): void {
  for (const pid of parentsByPid().keys()) {
    const mark = markProcess(pid)
    try {
      const isOurs = readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`${STAGE}=${folder}\0`)
      if (mark !== null && isOurs) signalProcess(mark, 'SIGKILL')
    } catch {
      // It has just ended.
    }
  }
}

/** Resolves when that process has exited. */
export const hasEnded = (mark: ProcessMark): Promise<unknown> =>
  waitUntil('the process to exit', () => !isAlive(mark))
