// What is remembered of each Serena process between rounds.
import type { Project } from '#contract/instance'
import type { ClientFacts } from '../clients/client-facts.ts'
import { createClientWatch } from '../clients/client-watch.ts'
import type { OwnerFacts } from '../clients/owner.ts'
import type { ConnectionFacts } from '../os/connection-facts.ts'
import type { ProcessSource, ProcessTable } from '../os/process-facts.ts'
import { projectByCommand } from '../serena/project-folder.ts'
import { remoteProject } from '../serena/remote-project.ts'
import type { SerenaProcess } from '../serena/serena-process.ts'
import { createDashboardMemory, type DashboardMemory, type DashboardMemoryDeps } from './dashboard-memory.ts'
import { createHomeMemory, type HomeFacts, type HomeMemoryDeps } from './home-memory.ts'
import { createOwnerMemory } from './owner-memory.ts'
import { createReadState } from './read-state.ts'
import { createRemoteMemory, isBridge, type RemoteMemory } from './remote-memory.ts'
import { createRemovedWatch, type RemovedParts } from './removed-parts.ts'
import { createWorkMemory, type WorkMemory } from './work-memory.ts'

export interface TrackDeps extends Omit<HomeMemoryDeps, 'source'>, DashboardMemoryDeps {
  source: Pick<ProcessSource, 'details' | 'hasLostReader' | 'program'>
}

export interface Track {
  readonly serena: SerenaProcess
  /** Monotonic. */
  readonly firstSeenAtMs: number
  readonly home: Readonly<HomeFacts>
  readonly dashboard: Omit<DashboardMemory, 'renew' | 'close'>
  readonly work: Pick<WorkMemory, 'isExecuting' | 'running' | 'quietSinceMs'>
  /** The bridge that its connection goes through. */
  readonly remote: Pick<RemoteMemory, 'facts' | 'place'>
  /** The project that arguments or folder name. */
  readonly project: Project | null
  readonly removed: RemovedParts
  /** Its client and the ancestors of that; null: none, or not scanned yet. */
  owner(): OwnerFacts | null
  /** Null: not a stdio instance, or not scanned yet. */
  client(): ClientFacts | null
  /** Its details and sockets are those of an earlier round: it is at rest. */
  readonly isKept: boolean
  /** Takes what a round found. */
  renew(serena: SerenaProcess, round: RoundTime): Promise<void>
  /** Takes the sockets; null: they cannot be read. */
  renewListeners(...found: Parameters<DashboardMemory['renew']>): void
  /** Takes the process as it is shown, with the bridge in front of it. */
  renewRemote(serena: SerenaProcess, table: ProcessTable): void
  /** Takes the process as it is known by its connection, and that connection. */
  renewClient(found: SerenaProcess, table: ProcessTable, connection: ConnectionFacts): Promise<void>
  /** Requests the running execution if that is due, without waiting for the answer; `hasMoved`: the instance was active. */
  renewExecution(hasMoved: boolean): void
  /** Between rounds: its client seems to have exited, or a first sign of that is due to be confirmed. */
  isClientDue(pids: ReadonlySet<number> | null): boolean
  /** Milliseconds until a first sign is to be confirmed; null: there is none. */
  confirmsInMs(): number | null
  /** Between rounds: true when the log or the CPU time moved since the last call. */
  takeMovement(cpuMs: number | null): boolean
  close(): void
}

/** When a round takes place. */
export interface RoundTime {
  /** Of the wall clock. */
  nowMs: number
  /** What was read of instances at rest may be used again; false: everything is read. */
  mayKeep: boolean
}

type Changing = 'serena' | 'project' | 'removed' | 'isKept'
type MutableTrack = Omit<Track, Changing> & { -readonly [Key in Changing]: Track[Key] }

/** Remembers one Serena process. */
export function createTrack(first: SerenaProcess, deps: TrackDeps): Track {
  const { source } = deps
  const home = createHomeMemory(deps)
  const dashboard = createDashboardMemory(first.process, home.facts, deps)
  const work = createWorkMemory(deps)
  const remote = createRemoteMemory()
  const owners = createOwnerMemory(source)
  const clients = createClientWatch(deps.now)
  const removed = createRemovedWatch()
  const reads = createReadState(deps.now)
  const track: MutableTrack = {
    serena: first,
    firstSeenAtMs: deps.now(),
    home: home.facts,
    dashboard,
    work,
    remote,
    project: null,
    removed: { program: null, folder: null },
    isKept: false,
    owner: owners.owner,
    client: clients.facts,
    async renew(serena, { nowMs, mayKeep }) {
      track.serena = serena
      const ageMs = nowMs - serena.process.startedAtMs
      track.isKept = mayKeep && reads.isFresh(serena.process, ageMs, dashboard.responsive() !== null)
      if (!track.isKept) reads.noteRead(serena.process)
      await home.renew(serena.process, ageMs, track.isKept)
      const { details, logModifiedAtMs } = home.facts
      work.renewUse(serena.process, logModifiedAtMs, nowMs)
      remote.renewPlace(serena, details)
      track.project ??= isBridge(serena)
        ? remoteProject(serena.command)
        : await projectByCommand(serena.command, details?.cwd ?? null)
      if (!isBridge(serena)) track.removed = removed.renew(await removedFacts(track, source))
    },
    renewListeners: dashboard.renew,
    renewRemote(serena, table) {
      track.serena = serena
      remote.renew(serena, table)
    },
    async renewClient(serena, table, connection) {
      track.serena = serena
      await owners.renew(serena, table)
      if (serena.isLauncherOnly || serena.command.transport !== 'stdio') return
      clients.update(serena, table, connection)
    },
    renewExecution: (hasMoved) => work.renewExecution(dashboard.responsive(), clients.facts(), hasMoved),
    isClientDue: (pids) => clients.isDue(pids, () => source.hasLostReader?.(track.serena.process) ?? false),
    confirmsInMs: clients.confirmsInMs,
    takeMovement(cpuMs) {
      const hasLogChanged = home.takeLogChange()
      return work.takeCpuChange(cpuMs) || hasLogChanged
    },
    close: dashboard.close,
  }
  return track
}

async function removedFacts(
  { serena, home, dashboard, project }: MutableTrack,
  source: TrackDeps['source'],
): Promise<Parameters<ReturnType<typeof createRemovedWatch>['renew']>[0]> {
  const overview = dashboard.answered()?.knowledge()?.overview
  return {
    argv: serena.process.argv ?? [],
    program: (await source.program?.(serena.process)) ?? null,
    cwd: home.details?.cwd ?? null,
    projectPath: overview?.project?.path ?? project?.path ?? null,
    serenaHome: home.serenaHome,
  }
}

/** Known instances that may be missing from an incomplete list, as they were seen last. */
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

/** Returns false for a stopped process: it accepts connections and never answers, so a probe proves nothing. */
export function isAskable({ serena, home: { details } }: Track): boolean {
  const { runState } = serena.process
  return runState !== 'T' && runState !== 't' && !details?.tracerPid && !details?.isFrozen
}
