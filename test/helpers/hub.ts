// Starts hubs for tests, each with a state folder of its own.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { HubSerena, HubStatus } from '#contract/hub'
import { prepareHubPlace } from '../../extensions/backend/hub/hub-place.ts'
import type { ControlResult } from '../../extensions/backend/hub/protocol.ts'
import { hubEnvironment } from '../../extensions/backend/hub/start-hub.ts'
import { hubCommand } from '../../extensions/backend/lib/product.ts'
import { createLineSplitter } from '../../extensions/backend/mcp/line-splitter.ts'
import { type ClientStart, HELLO, type HubClient, openHubClient, openSocket } from './hub-client.ts'
import { guardProcess, isAlive, markProcess, markTree, type ProcessMark, signalProcess } from './processes.ts'
import type { Scope } from './scope.ts'
import { systemVariables } from './scripted-serena.ts'
import { makeTempFolder, projectRoot } from './temp-home.ts'
import { waitUntil } from './wait-until.ts'

export const hubProgram = join(projectRoot, 'dist', 'backend', 'hub.js')
export const connectProgram = join(projectRoot, 'dist', 'backend', 'connect.cjs')

export interface HubStart {
  /** Default: a new one. */
  stateFolder?: string
  /** It ends so long after its last client; default: 600. */
  hubSeconds?: number
  /** How long a Serena without clients is kept; default: 60. */
  serenaSeconds?: number
  /** More environment variables. */
  env?: Readonly<Record<string, string>>
  /** Command before the program. It must become the program (`exec`). */
  runner?: readonly string[]
}

export interface TestHub {
  readonly mark: ProcessMark
  readonly stateFolder: string
  readonly socketPath: string
  client(start: ClientStart): Promise<HubClient>
  control(action: 'stop' | 'restart' | 'detach' | 'retire', target: string | null): Promise<ControlResult>
  status(): Promise<HubStatus>
  /** Waits for a status; resolves to what `find` returns. */
  until<Found>(what: string, find: (status: HubStatus) => Found | false | null | undefined): Promise<Found>
  /** The only Serena. */
  serena(): Promise<HubSerena>
  /** What it has written to its log. */
  log(): string
  /** Private memory. */
  memoryBytes(): number
  readonly ended: Promise<number | NodeJS.Signals>
}

/** Starts `dist/backend/hub.js` and waits for its socket; it ends with its Serenas when the scope ends. */
export async function startTestHub(scope: Scope, start: HubStart = {}): Promise<TestHub> {
  if (!existsSync(hubProgram)) throw new Error('build first: npm run build')
  const stateFolder = start.stateFolder ?? (await makeTempFolder(scope, 'state'))
  const [file = '', ...args] = [...(start.runner ?? []), ...hubCommand]
  const child = spawn(file, args, {
    cwd: stateFolder,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: hubEnvironment({
      ...systemVariables(),
      HOME: stateFolder,
      SERENA_DECK_STATE: stateFolder,
      SERENA_DECK_ONLY_HOMES: join(stateFolder, 'no-home'),
      SERENA_DECK_HUB_SECONDS: String(start.hubSeconds ?? 600),
      SERENA_DECK_SERENA_SECONDS: String(start.serenaSeconds ?? 60),
      ...start.env,
    }),
  })
  let log = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text
  })
  const mark = markProcess(child.pid ?? 0)
  if (mark === null) throw new Error(`no hub: ${log}`)
  const release = guardProcess(mark)
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? code ?? -1))
  })
  scope.add(async () => {
    const tree = isAlive(mark) ? markTree(mark.pid) : []
    signalProcess(mark, 'SIGTERM')
    const all = (): boolean => tree.every((one) => !isAlive(one))
    await waitUntil('the hub and its Serenas to exit', all, { timeoutMs: 15_000 }).catch(() => false)
    for (const one of tree) signalProcess(one, 'SIGKILL')
    release()
  })
  const { socket: socketPath } = prepareHubPlace(stateFolder)
  await waitUntil('the socket of the hub', () => isListening(socketPath), { everyMs: 10 })
  const status = async (): Promise<HubStatus> =>
    (await askOnce<HubStatus>(socketPath, { ...HELLO, kind: 'observer' })) as HubStatus
  const until: TestHub['until'] = (what, find) =>
    waitUntil(what, async () => find(await status()), { timeoutMs: 20_000, everyMs: 25 }) as never
  return {
    mark,
    stateFolder,
    socketPath,
    client: (one) => openHubClient(scope, socketPath, one),
    control: (action, target) => askOnce(socketPath, { ...HELLO, kind: 'control', action, target }),
    status,
    until,
    async serena() {
      const { serenas } = await status()
      if (serenas.length !== 1 || !serenas[0]) throw new Error(`${serenas.length} Serenas`)
      return serenas[0]
    },
    log: () => log,
    memoryBytes: () => privateBytes(mark.pid),
    ended,
  }
}

async function isListening(path: string): Promise<boolean> {
  const socket = await openSocket(path).catch(() => null)
  socket?.destroy()
  return socket !== null
}

/** Says hello, and returns the line after the welcome. */
async function askOnce<Line>(path: string, hello: object): Promise<Line> {
  const socket = await openSocket(path)
  socket.write(`${JSON.stringify(hello)}\n`)
  return new Promise((resolve, reject) => {
    const lines: string[] = []
    const splitter = createLineSplitter(
      (line) => {
        if (lines.push(line.toString('utf8')) !== 2) return
        socket.destroy()
        resolve(JSON.parse(lines[1] ?? '') as Line)
      },
      { maxBytes: 2 ** 24, onTooLong: reject },
    )
    socket.on('data', splitter.push)
    socket.once('error', reject)
    socket.once('close', () => reject(new Error(`the hub has closed the connection after ${lines.join()}`)))
  })
}

/** Pages that no other process uses, in bytes. */
export function privateBytes(pid: number): number {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
  const rows = [...rollup.matchAll(/^Private_(?:Clean|Dirty):\s+(\d+) kB$/gm)]
  return rows.reduce((sum, row) => sum + Number(row[1]) * 1024, 0)
}
