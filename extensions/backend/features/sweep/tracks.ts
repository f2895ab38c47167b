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
} from '../../facts.ts'
import type { DashboardTarget } from '../../facts-network.ts'
import { HOME_VARIABLES } from '../../lib/serena-home.ts'
import type { WireFacts } from '../../os/connection-facts.ts'
import { createClientWatch } from './client-watch.ts'
import {
  type DashboardConnection,
  type DashboardWatch,
  dashboardCandidates,
  watchDashboard,
} from './dashboard-watch.ts'
import { createExecutionWatch } from './execution-watch.ts'
import { homeOfInstance, ownLogOf } from './home-of-instance.ts'
import { CLIENT_VARIABLES, SERENA_VARIABLES } from './known-clients.ts'
import { ancestorsOf, type OwnerFacts } from './owner.ts'
import { projectByCommand } from './project-folder.ts'
import { createUseWatch } from './use-watch.ts'

/** A log that names no dashboard by then will not. */
const LOG_HEAD_PATIENCE_MS = 5 * 60_000

export interface LogHead {
  serenaVersion: string | null
  dashboardPort: number | null
  dashboardAddress: string | null
}

export interface TrackDeps {
  source: Pick<ProcessSource, 'details' | 'hasLostReader'>
  connect: (target: DashboardTarget) => DashboardConnection
  /** `web_dashboard_trusted_hosts` of that home as the file is now; null: not known, or not set. */
  trustedHostsOf: (serenaHome: string) => readonly string[] | null
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
  /** Where its dashboard is asked; null: it has none that can be. */
  readonly target: DashboardTarget | null
  readonly projectByCommand: Project | null
  readonly serenaVersionByLog: string | null
  /** Its own log; null: not found. */
  readonly logFile: string | null
  readonly logModifiedAtMs: number | null
  /** Since when no MCP message has been seen, epoch milliseconds; null: it is at work, or not known. */
  readonly quietSinceMs: number | null
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
  renew(serena: SerenaProcess, ageMs: number, nowMs: number): Promise<void>
  renewListeners(listeners: readonly Listener[] | null): void
  /** Takes it as it is known with its connection, and that connection. */
  renewClient(found: SerenaProcess, table: ProcessTable, wire: WireFacts): Promise<void>
  /** Asks what it executes if that is due, and waits for no answer; `hasMoved`: it did something. */
  renewExecution(hasMoved: boolean): void
  /** Between sweeps: its client seems to have exited, or that waits to be confirmed. */
  isClientDue(pids: ReadonlySet<number> | null): boolean
  /** Milliseconds until that is to be confirmed; null: nothing waits. */
  confirmsInMs(): number | null
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
  let listeners: readonly Listener[] | null = []
  let watches: DashboardWatch[] = []
  let project: Project | null = null
  let head: LogHead | null = null
  let logFile: string | null = null
  let logModifiedAtMs: number | null = null
  let cpuMs: number | null = null
  let owner: OwnerFacts | null = null
  let quietSinceMs: number | null = null
  const useWatch = createUseWatch()
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

  const watchOf = (): DashboardWatch | null =>
    watches.find((watch) => watch.knowledge()?.hasAnswered) ?? watches[0] ?? null
  const targetOf = (listener: Listener): DashboardTarget => ({
    listener,
    owner: first.process,
    trustedHosts: () => (serenaHome === null ? null : deps.trustedHostsOf(serenaHome)),
  })

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
      return watchOf()
    },
    get target() {
      const watch = watchOf()
      return watch && targetOf(watch.listener)
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
    get quietSinceMs() {
      return quietSinceMs
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
    async renew(found, ageMs, nowMs) {
      serena = found
      const read = await deps.source.details(serena.process, HOME_VARIABLES)
      const wasReadable = details !== null && details.environment !== null
      // A passing inability keeps what was known: only the first look may find nothing.
      if (read.environment !== null || !wasReadable) details = read
      firstFolder ??= details?.cwd ?? null
      const ownLog = ownLogOf(serena.process, details)
      serenaHome = homeOfInstance(details?.environment ?? null, firstFolder, ownLog) ?? serenaHome
      await renewLog(ageMs)
      quietSinceMs = useWatch.quietSinceMs({
        nowMs,
        startedAtMs: serena.process.startedAtMs,
        logModifiedAtMs,
        cpuMs: serena.process.cpuMs,
        isRunning: executionWatch.running() !== null,
      })
      project ??= await projectByCommand(serena.command, details?.cwd ?? null)
    },
    renewListeners(found) {
      if (found === null && listeners !== null && listeners.length > 0) return
      listeners = found
      const byLog = { port: head?.dashboardPort ?? null, address: head?.dashboardAddress ?? null }
      const candidates = dashboardCandidates(found ?? [], serena.command, byLog, deps.ownPort())
      const kept = watches.filter(({ listener }) =>
        candidates.some(({ socket }) => socket === listener.socket),
      )
      for (const watch of watches) if (!kept.includes(watch)) void watch.close()
      const fresh = candidates
        .filter(({ socket }) => !kept.some(({ listener }) => listener.socket === socket))
        .map((listener) =>
          watchDashboard({
            connection: deps.connect(targetOf(listener)),
            listener,
            isNamedByLog: () => listener.port === head?.dashboardPort,
            now: deps.now,
            onNews: deps.onNews,
          }),
        )
      watches = [...kept, ...fresh]
    },
    isClientDue: (pids) =>
      clientWatch.isDue(pids, () => deps.source.hasLostReader?.(serena.process) ?? false),
    confirmsInMs: clientWatch.confirmsInMs,
    async renewClient(found, table, wire) {
      serena = found
      await renewOwner(table)
      if (serena.isLauncherOnly || serena.command.transport !== 'stdio') return
      clientWatch.renew(serena, table, wire)
    },
    renewExecution(hasMoved) {
      const { gone, closed } = clientWatch.facts() ?? { gone: null, closed: null }
      const isDue = executionWatch.isDue({ hasMoved, isClientGone: gone !== null || closed !== null })
      // One that just kept us waiting is not asked more than it must.
      const watch = watches.find((one) => {
        const known = one.knowledge()
        return known?.hasAnswered && known.probes.at(-1)?.result === 'answered'
      })
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
