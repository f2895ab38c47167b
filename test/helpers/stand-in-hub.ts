// A copy of `connect` whose hub is a stand-in (test/fixtures/programs/stand-in-hub.mjs).
import { spawn } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { markProcess, signalProcess } from './processes.ts'
import { type RawClient, startRawClient } from './raw-client.ts'
import type { Scope } from './scope.ts'
import { makeTempFolder, projectRoot } from './temp-home.ts'
import { waitUntil } from './wait-until.ts'

export interface HubEntry {
  pid: number
  event: 'start' | 'ready' | 'hello' | 'line' | 'flood'
  hello?: Record<string, unknown>
  /** The beginning of a line. */
  head?: string
  length?: number
  sent?: number
  cwd?: string
  nodeOptions?: string | null
}

export interface StandInHubs {
  /** SERENA_DECK_STATE. */
  state: string
  /** The socket, in the usual place. */
  socket: string
  env: NodeJS.ProcessEnv
  /** Runs `connect`; in its pipes a client speaks MCP. */
  connect(start?: { env?: NodeJS.ProcessEnv; words?: readonly string[] }): RawClient
  /** Starts a hub without `connect`, and waits until it listens. */
  startHub(): Promise<number>
  /** Whether hubs that are started from now on exit at once. */
  setBroken(isBroken: boolean): void
  /** What all hubs have logged. */
  entries(): HubEntry[]
  /** The pids of all hubs, in the order of their starts. */
  hubs(): number[]
  kill(pid: number, signal?: NodeJS.Signals): void
}

export interface StandInOptions {
  /** Default: a new folder. */
  state?: string
  /** Faults of the stand-in. */
  hub?: { socketPath?: string; protocol?: number; refuses?: boolean; fault?: 'exit' }
}

const program = pathToFileURL(join(projectRoot, 'test', 'fixtures', 'programs', 'stand-in-hub.mjs'))

/** Makes the copy; its hubs are killed when the scope ends. */
export async function makeStandInHubs(scope: Scope, options: StandInOptions = {}): Promise<StandInHubs> {
  const built = join(projectRoot, 'dist', 'backend', 'connect.cjs')
  if (!existsSync(built)) throw new Error('build first: npm run build')
  const state = options.state ?? (await makeTempFolder(scope, 'state'))
  const product = await makeTempFolder(scope, 'product')
  const backend = join(product, 'dist', 'backend')
  mkdirSync(backend, { recursive: true })
  writeFileSync(join(product, 'package.json'), '{"name":"serena-deck","version":"9.9.9","type":"module"}')
  copyFileSync(built, join(backend, 'connect.cjs'))
  const setBroken = (isBroken: boolean): void => {
    const text = isBroken
      ? "console.error('broken'); process.exit(3)"
      : `import ${JSON.stringify(program.href)}`
    writeFileSync(join(backend, 'hub.js'), `${text}\n`)
  }
  setBroken(false)
  const env = {
    ...process.env,
    SERENA_DECK_STATE: state,
    SERENA_DECK_TEST_HUB: JSON.stringify(options.hub ?? {}),
  }

  const entries = (): HubEntry[] => {
    const file = join(state, 'hubs.log')
    if (!existsSync(file)) return []
    return readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line) => (line === '' ? [] : [JSON.parse(line) as HubEntry]))
  }
  const pidsOf = (event: HubEntry['event']): number[] =>
    entries().flatMap((entry) => (entry.event === event ? [entry.pid] : []))
  const kill = (pid: number, signal: NodeJS.Signals = 'SIGKILL'): void => {
    const mark = markProcess(pid)
    if (mark) signalProcess(mark, signal)
  }
  scope.add(() => {
    for (const pid of pidsOf('start')) kill(pid)
  })
  return {
    state,
    socket: join(state, 'hub', 'hub.sock'),
    env,
    entries,
    kill,
    setBroken,
    hubs: () => pidsOf('start'),
    startHub() {
      mkdirSync(join(state, 'hub'), { recursive: true, mode: 0o700 })
      const { pid } = spawn(process.execPath, [join(backend, 'hub.js')], { env, stdio: 'ignore' })
      return waitUntil('a hub that listens', () => pidsOf('ready').find((one) => one === pid))
    },
    connect: ({ env: more, words = ['--', 'serena', 'start-mcp-server'] } = {}) =>
      startRawClient(scope, [process.execPath, join(backend, 'connect.cjs'), ...words], {
        cwd: state,
        env: { ...env, ...more },
      }),
  }
}
