// Random clients of one hub come, call, leave, crash, leak their pipes and are stopped and continued, while Serenas, `connect` processes
// and the hub are killed. No answer is wrong or missing, no change is executed twice, and nothing is left at the end. CHAOS_SEED repeats
// a run; CHAOS_MINUTES makes it shorter.
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { cliProgram } from '../helpers/backend.ts'
import { type DrivenProgram, startDrivenProgram } from '../helpers/driven-program.ts'
import { privateBytes } from '../helpers/hub.ts'
import {
  guardProcess,
  isAlive,
  markProcess,
  markTree,
  type ProcessMark,
  signalProcess,
} from '../helpers/processes.ts'
import { makeScriptedSerena, type ScriptedSerena } from '../helpers/scripted-serena.ts'
import { checkSignalLog } from '../helpers/signal-log.ts'
import { makeTempFolder, projectRoot } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'
import { randomFrom } from '../innocents/scenarios.ts'

const SEED = Number(process.env['CHAOS_SEED'] ?? Math.floor(Math.random() * 1e9))
const MINUTES = Number(process.env['CHAOS_MINUTES'] ?? 6)
const FEWEST = 8
const MOST = 20
/** More crashes within a minute are rightly reported to the clients. */
const SERENA_KILL_MS = 21_000
const HUB_KILL_MS = 9_000
const KINDS = ['plain', 'plain', 'shell', 'leak'] as const
const scope = scopePerTest()

interface Client {
  program: DrivenProgram
  /** Its end needs no report. */
  isKilled: boolean
  stoppedUntil: number
}

interface Stage {
  state: string
  mark: string
  serenas: readonly ScriptedSerena[]
  env: NodeJS.ProcessEnv
}

async function startStage(): Promise<Stage> {
  const state = await makeTempFolder(scope, 'state')
  const mark = `chaos-${SEED}-${process.pid}`
  const serenas: ScriptedSerena[] = []
  for (let i = 0; i < 3; i++) serenas.push(await makeScriptedSerena(scope, { args: ['--project', '.'] }))
  const env = {
    ...process.env,
    SERENA_DECK_STATE: state,
    SERENA_DECK_ONLY_HOMES: join(state, 'none'),
    SERENA_DECK_SIGNAL_LOG: join(state, 'signals.log'),
    SERENA_DECK_HUB_SECONDS: '600',
    SERENA_DECK_SERENA_SECONDS: '600',
    CHAOS_MARK: mark,
  }
  // Whatever happens, nothing of this test is left.
  scope.add(() => {
    for (const one of marked(mark)) signalProcess(one, 'SIGKILL')
  })
  return { state, mark, serenas, env }
}

/** All processes that this test has started, by the variable that they inherit. */
function marked(mark: string): ProcessMark[] {
  const wanted = Buffer.from(`\0CHAOS_MARK=${mark}\0`)
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) return []
    try {
      const environment = Buffer.concat([Buffer.of(0), readFileSync(`/proc/${name}/environ`)])
      const found = environment.includes(wanted) ? markProcess(Number(name)) : null
      return found && isAlive(found) ? [found] : []
    } catch {
      // It has exited.
      return []
    }
  })
}

const commandOf = ({ pid }: ProcessMark): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    // It has exited.
    return ''
  }
}
const hubsIn = (all: readonly ProcessMark[]): ProcessMark[] =>
  all.filter((one) => /^serena-deck hub|hub\.js/.test(commandOf(one)))

const random = randomFrom(SEED)
const pick = <One>(values: readonly One[]): One | undefined => values[Math.floor(random() * values.length)]

function startClient({ env, serenas }: Stage, number: number): Client {
  const serena = pick(serenas)
  if (!serena) throw new Error('no Serena')
  const start = {
    command: [process.execPath, cliProgram, 'connect', '--', ...serena.command],
    kind: pick(KINDS),
    seed: Math.floor(random() * 2 ** 31),
    name: `c${number}`,
    calls: 5 + Math.floor(random() * 60),
  }
  const program = startDrivenProgram(
    scope,
    process.execPath,
    [join(projectRoot, 'test', 'fixtures', 'programs', 'chaos-client.cjs'), JSON.stringify(start)],
    { cwd: serena.serenaHome, env: { ...env, ...serena.env } },
  )
  return { program, isKilled: false, stoppedUntil: 0 }
}

const isRunning = ({ program: { mark } }: Client): boolean => isAlive(mark)

interface Chaos {
  clients: Client[]
  killed: Record<string, number>
  serenaAtMs: Map<number, number>
  hubAtMs: number
}

/** One random action. */
function act(stage: Stage, chaos: Chaos): void {
  const nowMs = performance.now()
  const running = chaos.clients.filter(isRunning)
  for (const client of running)
    if (client.stoppedUntil > 0 && client.stoppedUntil < nowMs) {
      client.stoppedUntil = 0
      signalProcess(client.program.mark, 'SIGCONT')
    }
  if (running.length < FEWEST || (running.length < MOST && random() < 0.3))
    chaos.clients.push(startClient(stage, chaos.clients.length))
  const note = (what: string): void => void (chaos.killed[what] = (chaos.killed[what] ?? 0) + 1)
  const dice = random()
  const client = pick(running)
  if (dice < 0.04 && client) {
    client.isKilled = true
    signalProcess(client.program.mark, 'SIGKILL')
    note('client')
  } else if (dice < 0.07 && client) {
    const shim = markTree(client.program.mark.pid).find((one) => commandOf(one).includes(' connect '))
    if (shim && signalProcess(shim, 'SIGKILL')) note('connect')
  } else if (dice < 0.1 && client && client.stoppedUntil === 0) {
    client.stoppedUntil = nowMs + 500 + random() * 3_000
    if (signalProcess(client.program.mark, 'SIGSTOP')) note('stopped')
  } else if (dice < 0.13) killSerena(stage, chaos, nowMs, note)
  else if (dice < 0.18 && nowMs - chaos.hubAtMs > HUB_KILL_MS) {
    chaos.hubAtMs = nowMs
    for (const hub of hubsIn(marked(stage.mark))) if (signalProcess(hub, 'SIGKILL')) note('hub')
  }
}

function killSerena({ serenas }: Stage, chaos: Chaos, nowMs: number, note: (what: string) => void): void {
  const at = Math.floor(random() * serenas.length)
  const pid = serenas[at]?.starts().at(-1)
  const mark = pid === undefined ? null : markProcess(pid)
  if (!mark || nowMs - (chaos.serenaAtMs.get(at) ?? -SERENA_KILL_MS) < SERENA_KILL_MS) return
  chaos.serenaAtMs.set(at, nowMs)
  if (signalProcess(mark, 'SIGKILL')) note('Serena')
}

/** The lines that the clients have printed. */
const reports = (clients: readonly Client[]): Record<string, unknown>[] =>
  clients.flatMap(({ program }) =>
    program
      .wrote()
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>),
  )

const sumOf = (all: readonly Record<string, unknown>[], key: string): number =>
  all.reduce((sum, one) => sum + Number(one[key] ?? 0), 0)

test(
  `seed ${SEED}, ${MINUTES} minutes`,
  async () => {
    const stage = await startStage()
    const stranger = spawn('sleep', ['900'], { stdio: 'ignore' })
    const strangerMark = markProcess(stranger.pid ?? 0)
    if (strangerMark) scope.add(guardProcess(strangerMark))
    scope.add(() => void stranger.kill())
    const chaos: Chaos = { clients: [], killed: {}, serenaAtMs: new Map(), hubAtMs: performance.now() }
    for (const end = performance.now() + MINUTES * 60_000; performance.now() < end; ) {
      act(stage, chaos)
      await sleep(100 + random() * 300)
    }
    for (const client of chaos.clients.filter(isRunning)) {
      signalProcess(client.program.mark, 'SIGCONT')
      client.program.child.stdin?.end()
    }
    await waitUntil('all clients to end', () => !chaos.clients.some(isRunning), { timeoutMs: 90_000 })

    const all = reports(chaos.clients)
    const summary = {
      clients: chaos.clients.length,
      ...chaos.killed,
      answered: sumOf(all, 'answered'),
      lost: sumOf(all, 'lost'),
      failed: sumOf(all, 'failed'),
    }
    console.log(`seed ${SEED}: ${JSON.stringify(summary)}`)
    expect(all.filter(({ fault }) => fault !== undefined)).toEqual([])
    expect(all.filter(({ failure }) => failure !== undefined)).toEqual([])
    expect(sumOf(all, 'unanswered')).toBe(0)
    expect(summary.answered).toBeGreaterThan(MINUTES * 300)
    // A change that a client repeats would be a new one: each was executed at most once.
    const changes = stage.serenas.flatMap((serena) =>
      serena.executed().filter((line) => line.startsWith('write ')),
    )
    expect(changes.length - new Set(changes).size).toBe(0)

    await expectNothingLeft(stage)
    expect(strangerMark && isAlive(strangerMark)).toBe(true)
    expect(checkSignalLog(join(stage.state, 'signals.log')).faults).toEqual([])
  },
  MINUTES * 60_000 + 180_000,
)

/** The hub alone is left; a new client and the end of the hub leave nothing. */
async function expectNothingLeft(stage: Stage): Promise<void> {
  const isHubs = (one: ProcessMark): boolean => /hub|serena start-mcp-server/.test(commandOf(one))
  await waitUntil('only hub and Serenas to be left', () => marked(stage.mark).every(isHubs), {
    timeoutMs: 30_000,
  })
  const last = startClient(stage, 1_000_000)
  await last.program.said(({ end }) => end !== undefined, 60_000)
  const hubs = hubsIn(marked(stage.mark))
  expect(hubs).toHaveLength(1)
  const [hub] = hubs
  if (!hub) return
  await waitUntil('the sockets of former clients to be closed', () => openSockets(hub) <= 16)
  await waitUntil('the memory to come back', () => privateBytes(hub.pid) < 24 * 2 ** 20, {
    timeoutMs: 20_000,
  })
  signalProcess(hub, 'SIGTERM')
  await waitUntil('nothing to be left', () => marked(stage.mark).length === 0, { timeoutMs: 20_000 })
}

const openSockets = ({ pid }: ProcessMark): number => readdirSync(`/proc/${pid}/fd`).length - 20
