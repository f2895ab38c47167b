// What is remembered of each Serena process between sweeps, and how one look renews it.
import type { Project } from '#contract/instance'
import type {
  ClientFacts,
  Listener,
  ProcessDetails,
  ProcessFact,
  ProcessSource,
  ProcessTable,
  SerenaProcess,
  WireFacts,
} from '../../facts.ts'
import { HOME_VARIABLES } from '../../lib/serena-home.ts'
import { createClientWatch } from './client-watch.ts'
import {
  type DashboardConnection,
  type DashboardWatch,
  dashboardCandidates,
  watchDashboard,
} from './dashboard-watch.ts'
import { createExecutionWatch } from './execution-watch.ts'
import { createHomeLookup, ownLogOf } from './home-of-instance.ts'
import { CLIENT_VARIABLES, SERENA_VARIABLES } from './known-clients.ts'
import { ancestorsOf, type OwnerFacts } from './owner.ts'
import { projectByCommand } from './project-folder.ts'
import { treeOf } from './usage.ts'

/** A log that names no dashboard by then will not. */
const LOG_HEAD_PATIENCE_MS = 5 * 60_000

/** Where the platform tells nothing of wires. */
const UNTOLD_WIRE: WireFacts = { clientEnd: 'unknown', evidence: [] }

export interface LogHead {
  serenaVersion: string | null
  dashboardPort: number | null
}

export interface TrackDeps {
  source: Pick<ProcessSource, 'details' | 'wire'>
  connect: (port: number) => DashboardConnection
  logs: {
    readHead: (file: string) => Promise<LogHead | null>
    modifiedAtMs: (file: string) => number | null
    /** The log of that process below that home. */
    find: (serenaHome: string, pid: number, startedAtMs: number) => Promise<string | null>
  }
  /** Where the log of a process is looked for whose environment the platform does not tell. */
  homesToTry: readonly string[]
  /** Monotonic milliseconds. */
  now: () => number
  /** Our own HTTP port, never a dashboard. */
  ownPort: () => number | null
  onNews: () => void
}

export interface Track {
  readonly serena: SerenaProcess
  readonly details: ProcessDetails | null
  /** The SERENA_HOME it runs with; null: its environment cannot be read. */
  readonly serenaHome: string | null
  readonly listeners: readonly Listener[] | null
  readonly watch: DashboardWatch | null
  readonly projectByCommand: Project | null
  readonly serenaVersionByLog: string | null
  /** Its own log; null: not found. */
  readonly logFile: string | null
  readonly logModifiedAtMs: number | null
  /** Its client and those above it; null: nobody, or not looked at yet. */
  readonly owner: OwnerFacts | null
  /** Null: not a stdio instance, or not looked at yet. */
  readonly client: ClientFacts | null
  readonly isExecuting: boolean | null
  /** The execution that runs; `sinceMs` is monotonic. Null: none, or not known. */
  readonly running: { name: string; sinceMs: number } | null
  /** Monotonic. */
  readonly firstSeenAtMs: number
  /** Takes what a sweep found. */
  renew(serena: SerenaProcess, ageMs: number): Promise<void>
  renewListeners(listeners: readonly Listener[] | null): void
  /** Looks for its client and at its wire. */
  renewClient(table: ProcessTable): Promise<void>
  /** Asks what it executes if that is due, and waits for no answer; `hasMoved`: it did something. */
  renewExecution(hasMoved: boolean): void
  /** Between sweeps: its client seems to have ended, or that waits to be confirmed. */
  isClientDue(pids: ReadonlySet<number> | null): boolean
  /** Between sweeps: true when the log or the CPU time moved since the last look. */
  takeMovement(cpuMs: number | null): boolean
  close(): Promise<void>
}

/** One tick of Serena's own housekeeping is 10 ms; more than that in a second is work. */
const CPU_MOVED_MS = 20

/** Remembers one Serena process. */
export function createTrack(first: SerenaProcess, deps: TrackDeps): Track {
  let serena = first
  let details: ProcessDetails | null = null
  let serenaHome: string | null = null
  /** A relative SERENA_HOME is opened from here. */
  let firstFolder: string | null = null
  const homeOf = createHomeLookup()
  let listeners: readonly Listener[] | null = []
  let watches: DashboardWatch[] = []
  let project: Project | null = null
  let head: LogHead | null = null
  let logFile: string | null = null
  let logModifiedAtMs: number | null = null
  let cpuMs: number | null = null
  let owner: OwnerFacts | null = null
  const firstSeenAtMs = deps.now()
  const clientWatch = createClientWatch(deps.now)
  const executionWatch = createExecutionWatch(deps.now)

  async function renewOwner(table: ProcessTable): Promise<void> {
    const { client } = serena
    // An exec makes another program of the same process.
    const isKnown =
      client && owner?.client.identity === client.identity && isSameProgram(owner.client, client)
    if (!isKnown) owner = client && (await readOwner(client, table))
  }

  async function readOwner(client: ProcessFact, table: ProcessTable): Promise<OwnerFacts> {
    const ofClient = await deps.source.details(client, CLIENT_VARIABLES)
    const ofSerena = await deps.source.details(serena.process, SERENA_VARIABLES)
    return {
      client,
      ancestors: ancestorsOf(client, table),
      clientFolder: ofClient.cwd,
      serenaFolder: ofSerena.cwd,
      clientTerminal: ofClient.terminal ?? null,
      clientVariables: ofClient.environment,
      serenaVariables: ofSerena.environment,
    }
  }

  /** The log of a process says which home it has, where nothing else does. */
  async function findHomeByLog(): Promise<void> {
    if (serenaHome !== null || !details?.isUntold) return
    const { pid, startedAtMs } = serena.process
    for (const home of deps.homesToTry) {
      const file = await deps.logs.find(home, pid, startedAtMs)
      if (file === null) continue
      serenaHome = home
      logFile = file
      return
    }
  }

  async function renewLog(ageMs: number): Promise<void> {
    await findHomeByLog()
    logFile = ownLogOf(serena.process, details) ?? logFileOf(details, serenaHome) ?? logFile
    if (logFile === null) return
    logModifiedAtMs = deps.logs.modifiedAtMs(logFile)
    const isHeadWhole = head !== null && head.serenaVersion !== null && head.dashboardPort !== null
    if (!isHeadWhole && (head === null || ageMs < LOG_HEAD_PATIENCE_MS))
      head = await deps.logs.readHead(logFile)
  }

  return {
    get serena() {
      return serena
    },
    get details() {
      return details
    },
    get serenaHome() {
      return serenaHome
    },
    get listeners() {
      return listeners
    },
    /** The one that answered as Serena, else the first that may be one. */
    get watch() {
      return watches.find((watch) => watch.knowledge()?.hasAnswered) ?? watches[0] ?? null
    },
    get projectByCommand() {
      return project
    },
    get serenaVersionByLog() {
      return head?.serenaVersion ?? null
    },
    get logFile() {
      return logFile
    },
    get logModifiedAtMs() {
      return logModifiedAtMs
    },
    get owner() {
      return owner
    },
    get client() {
      return clientWatch.facts()
    },
    get isExecuting() {
      return executionWatch.isExecuting()
    },
    get running() {
      return executionWatch.running()
    },
    firstSeenAtMs,
    async renew(found, ageMs) {
      serena = found
      const read = await deps.source.details(serena.process, HOME_VARIABLES)
      const wasReadable = details !== null && details.environment !== null
      // A passing inability keeps what was known: only the first look may find nothing.
      if (read.environment !== null || !wasReadable) details = read
      firstFolder ??= details?.cwd ?? null
      const ownLog = ownLogOf(serena.process, details)
      serenaHome = homeOf(details?.environment ?? null, firstFolder, ownLog) ?? serenaHome
      await renewLog(ageMs)
      project ??= await projectByCommand(serena.command, details?.cwd ?? null)
    },
    renewListeners(found) {
      if (found === null && listeners !== null && listeners.length > 0) return
      listeners = found
      const portByLog = head?.dashboardPort ?? null
      const candidates = dashboardCandidates(found ?? [], serena.command, portByLog, deps.ownPort())
      const kept = watches.filter(({ listener }) =>
        candidates.some(({ socket }) => socket === listener.socket),
      )
      for (const watch of watches) if (!kept.includes(watch)) void watch.close()
      const fresh = candidates
        .filter(({ socket }) => !kept.some(({ listener }) => listener.socket === socket))
        .map((listener) =>
          watchDashboard({
            connection: deps.connect(listener.port),
            listener,
            isNamedByLog: () => listener.port === head?.dashboardPort,
            now: deps.now,
            onNews: deps.onNews,
          }),
        )
      watches = [...kept, ...fresh]
    },
    isClientDue: (pids) => clientWatch.isDue(pids),
    async renewClient(table) {
      await renewOwner(table)
      if (serena.isLauncherOnly || serena.command.transport !== 'stdio') return
      const wire = await deps.source.wire?.(serena.process, treeOf(serena))
      clientWatch.renew(serena, table, wire ?? UNTOLD_WIRE)
    },
    renewExecution(hasMoved) {
      const isDue = executionWatch.isDue({ hasMoved, isClientGone: clientWatch.facts()?.gone != null })
      // One that just kept us waiting is not asked more than it must.
      const watch = watches.find((one) => one.knowledge()?.probes.at(-1)?.result === 'answered')
      if (!watch || !isDue) return
      // Not waited for: a dashboard may be slow, and the round is not.
      const before = executionWatch.isExecuting()
      void executionWatch
        .ask(() => watch.connection.executions())
        .then(() => {
          if (executionWatch.isExecuting() !== before) deps.onNews()
        })
    },
    takeMovement(nowCpuMs) {
      const modifiedAtMs = logFile === null ? null : deps.logs.modifiedAtMs(logFile)
      const hasLogMoved = modifiedAtMs !== logModifiedAtMs
      const hasCpuMoved = cpuMs !== null && nowCpuMs !== null && nowCpuMs - cpuMs >= CPU_MOVED_MS
      logModifiedAtMs = modifiedAtMs
      cpuMs = nowCpuMs
      return hasLogMoved || hasCpuMoved
    },
    async close() {
      await Promise.all(watches.map((watch) => watch.close()))
    },
  }
}

/** Those that are known and may be there still, though this list has them not: as they were last seen. */
export function unreadAmong(
  tracks: readonly Track[],
  found: readonly SerenaProcess[],
  { isComplete, unread }: ProcessTable,
): SerenaProcess[] {
  if (isComplete) return []
  const listed = new Set(found.map(({ process }) => process.identity))
  return tracks
    .map(({ serena }) => serena)
    .filter(({ process }) => !listed.has(process.identity) && (unread?.has(process.pid) ?? true))
}

const isSameProgram = (a: ProcessFact, b: ProcessFact): boolean =>
  a.name === b.name && a.argv?.join('\0') === b.argv?.join('\0')

function logFileOf(details: ProcessDetails | null, serenaHome: string | null): string | null {
  const files = details?.openLogFiles ?? []
  return files.find((file) => serenaHome !== null && file.startsWith(serenaHome)) ?? files[0] ?? null
}
