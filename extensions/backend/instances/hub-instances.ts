// The Serenas that the hub runs, among the instances: which track is which, who uses it, and those that are asleep. Remembers what a
// status and a scan say at different times.
import { createHash } from 'node:crypto'
import type { HubClient, HubSerena, HubStatus } from '#contract/hub'
import { type Instance, STATE_COLOUR } from '#contract/instance'
import { formatTitle } from '#contract/title'
import { formatSpan } from '#contract/units'
import { HUB_NAME } from '../clients/known-clients.ts'
import { clientOfConnect } from '../clients/owner.ts'
import type { ProcessTable } from '../os/process-facts.ts'
import type { ProcessIdentity } from '../os/process-identity.ts'
import type { Track } from './track.ts'

/** The hub, as the instances see it. */
export interface HubView {
  /** Its last status; null: no hub is running. */
  current(): HubStatus | null
  /** Connects to a hub that has started meanwhile. */
  renew(): Promise<void>
}

/** What the hub says about one instance. */
export interface HubUse {
  /** The hub's id of it. */
  serenaId: string
  clients: NonNullable<Instance['clients']>
}

export interface HubInstances {
  /** Takes the processes of a round. */
  renew(table: ProcessTable): void
  /** Null: the hub does not run it. */
  useOf(track: Pick<Track, 'serena'>): HubUse | null
  /** Those without a process, which the next call starts; `running`: all that have one. */
  sleepers(running: readonly Pick<Track, 'serena'>[], isInScope: (serenaHome: string) => boolean): Instance[]
}

type Clients = ReadonlyMap<number, { pid: number; name: string }>

/** Creates the memory of one deck. */
export function createHubInstances(current: () => HubStatus | null): HubInstances {
  /** A process that was a hub's Serena stays that one, even if the status is already ahead. */
  const bound = new Map<ProcessIdentity, { hubPid: number; serenaId: string }>()
  /** The programs behind the `connect` processes, by the pid of those. */
  let clients: Clients = new Map()
  const asleepIn = createSleeperMemory()

  function bind({ serena }: Pick<Track, 'serena'>, hub: HubStatus): string | null {
    const { identity } = serena.process
    const known = bound.get(identity)
    if (known?.hubPid === hub.pid) return known.serenaId
    if (serena.client?.pid !== hub.pid) return null
    const pids = [serena.process, ...serena.wrappers].map(({ pid }) => pid)
    const found = hub.serenas.find(({ pid }) => pid !== null && pids.includes(pid))
    if (found) bound.set(identity, { hubPid: hub.pid, serenaId: found.id })
    return found?.id ?? null
  }

  return {
    renew(table) {
      const found = (current()?.serenas ?? []).flatMap((serena) => serena.clients)
      clients = new Map(
        found.flatMap(({ pid }) => {
          const client = pid === null ? null : clientOfConnect(pid, table)
          return pid === null || client === null ? [] : [[pid, client] as const]
        }),
      )
      const living = new Set([...table.byPid.values()].map(({ identity }) => identity))
      for (const identity of bound.keys()) if (!living.has(identity)) bound.delete(identity)
    },
    useOf(track) {
      const hub = current()
      const serenaId = hub && bind(track, hub)
      const serena = hub?.serenas.find(({ id }) => id === serenaId)
      return serena ? { serenaId: serena.id, clients: clientsOf(serena, clients) } : null
    },
    sleepers(running, isInScope) {
      const hub = current()
      const asleep = asleepIn(hub, () => new Set(running.map((track) => hub && bind(track, hub))))
      if (hub === null) return []
      return hub.serenas
        .filter(({ id, serenaHome }) => asleep.has(id) && isInScope(serenaHome))
        .map((serena) => sleeperOf(serena, hub, clientsOf(serena, clients)))
    },
  }
}

type Ids = ReadonlySet<string | null>

/** Remembers which Serenas are shown as asleep: until their new process is found, even if the status is already ahead. */
function createSleeperMemory(): (hub: HubStatus | null, awakeIn: () => Ids) => Ids {
  const asleep = new Set<string>()
  /** Serenas of which a process was found. */
  const seen = new Set<string>()
  let hubPid: number | null = null
  return (hub, awakeIn) => {
    if (hub?.pid !== hubPid) {
      asleep.clear()
      seen.clear()
      hubPid = hub?.pid ?? null
    }
    const awake = awakeIn()
    for (const { id, state } of hub?.serenas ?? []) {
      if (awake.has(id)) seen.add(id)
      // Its process has exited, and the status does not say so yet.
      const isBetween = seen.has(id) && (state === 'running' || state === 'starting')
      if (state === 'asleep' || isBetween) asleep.add(id)
      if (awake.has(id) || state === 'stopped' || state === 'failed') asleep.delete(id)
    }
    return asleep
  }
}

const clientsOf = (serena: HubSerena, known: Clients): NonNullable<Instance['clients']> =>
  serena.clients.map((client) => clientOf(client, known))

function clientOf(
  { pid, name, folder }: HubClient,
  known: Clients,
): NonNullable<Instance['clients']>[number] {
  const program = pid === null ? undefined : known.get(pid)
  const shownPid = program?.pid ?? pid
  return {
    ...(shownPid !== null && { pid: shownPid }),
    name: program?.name ?? name ?? 'a client',
    detail: folder,
  }
}

/** Returns a Serena of the hub that has no process, as an instance. */
export function sleeperOf(
  serena: HubSerena,
  hub: Pick<HubStatus, 'pid' | 'startedAt'>,
  clients: NonNullable<Instance['clients']>,
): Instance {
  const { project, context, modes, id } = serena
  const calls = serena.clients.flatMap(({ lastCallAt }) => lastCallAt ?? []).sort()
  return {
    id: sleeperId(serena, hub),
    pid: null,
    startedAt: null,
    port: null,
    title: formatTitle({ pid: null, port: null, project, isProjectKnownAbsent: project === null }),
    state: 'asleep',
    colour: STATE_COLOUR.asleep,
    flags: [],
    verdict: { certainty: 'certain', evidence: evidenceOf(serena) },
    project,
    context,
    modes,
    transport: 'stdio',
    serenaVersion: null,
    owner: { pid: hub.pid, name: HUB_NAME, detail: null },
    clients,
    hubSerena: id,
    memoryBytes: null,
    memoryKind: null,
    cpuPercent: null,
    processCount: 0,
    lastActivityAt: calls.at(-1) ?? null,
    sources: ['hub'],
  }
}

function evidenceOf({ state, idleShutdownMinutes }: HubSerena): string[] {
  if (state === 'starting') return ['The hub is starting it for a call.']
  if (state !== 'asleep') return ['Its process has exited.', 'The hub starts it again with the next call.']
  const after =
    idleShutdownMinutes === null
      ? ''
      : ` after ${formatSpan(idleShutdownMinutes * 60_000)} without a tool call`
  return [`The hub ended it${after} to free its memory.`, 'The next call starts it again.']
}

/** Stable for the life of the hub. */
function sleeperId({ id }: HubSerena, { pid, startedAt }: Pick<HubStatus, 'pid' | 'startedAt'>): string {
  const hash = createHash('sha256').update(`hub:${pid}:${startedAt}:${id}`).digest('hex').slice(0, 12)
  return `hub-${hash}`
}

/** Returns whether this is the id of an instance without a process, which the hub starts again. */
export const isSleeperId = (id: string): boolean => id.startsWith('hub-')
