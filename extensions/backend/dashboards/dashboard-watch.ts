// One dashboard, watched: which socket it is, its last answers, and every probe without one.
import type { Overview } from '#contract/details'
import type { Listener } from '../os/process-facts.ts'
import type { DashboardConnection } from './dashboard-connection.ts'
import type { DashboardKnowledge, DashboardStatus, HostRefusal } from './dashboard-facts.ts'
import { createProbeLog } from './probe-log.ts'
import { isProbeDue, OVERVIEW_MS } from './probe-policy.ts'

export interface DashboardWatch {
  readonly listener: Listener
  readonly connection: DashboardConnection
  /** Null: it answered and is not a Serena, or nothing indicates that it is one. */
  knowledge(): DashboardKnowledge | null
  /** Probes if a probe is due or `isAsked`; `hasMoved`: the instance was active. Returns true if its knowledge changed. */
  probe(hasMoved: boolean, isAsked?: boolean): Promise<boolean>
  /** Takes a newer overview that a page requested. */
  setOverview(overview: Overview): void
  /** Drops the misses from before a sleep of the machine, or while this event loop was late. */
  forgetMisses(): void
  close(): void
}

export interface WatchDeps {
  connection: DashboardConnection
  listener: Listener
  /** True if the instance's own log names this port; evaluated each time, because the log may name it late. */
  isNamedByLog: () => boolean
  /** Monotonic milliseconds. */
  now: () => number
  /** Called when its knowledge changed outside of `probe`. */
  onChange: () => void
}

/** Watches the dashboard behind one socket. */
export function watchDashboard(deps: WatchDeps): DashboardWatch {
  const { connection, listener, isNamedByLog, now, onChange } = deps
  const log = createProbeLog()
  const overview = createOverviewCache(connection, now, onChange)
  let hasAnswered = false
  let isStranger = false
  let status: DashboardStatus | null = null
  let pending: Promise<boolean> | null = null
  /** Activity too soon after a probe counts for the next one. */
  let hasMovedSince = false

  async function identify(): Promise<void> {
    const { outcome, isSerena } = await connection.identify()
    const isAnswer = log.add(outcome)
    isStranger = isAnswer && !isSerena
    hasAnswered = isAnswer && isSerena
  }

  /** Returns false if it answers as it did before. */
  async function probeNow(hasMoved: boolean): Promise<boolean> {
    if (!hasAnswered) await identify()
    if (!hasAnswered) return true
    const wasSilent = log.misses() > 0
    if (wasSilent && !log.add(await connection.heartbeat())) return true
    const next = await connection.poll()
    if (!log.add(next.outcome)) return true
    const isNew = status === null || next.status?.activeProject !== status.activeProject
    const isOther = isNew || next.status?.logIndex !== status?.logIndex
    status = next.status ?? status
    if (isNew || overview.isDue(hasMoved)) await overview.refresh()
    return wasSilent || isOther
  }

  return {
    listener,
    connection,
    knowledge() {
      const refusal = connection.hostRefusal?.() ?? null
      if (!isDashboard({ isStranger, hasAnswered, refusal, isNamed: isNamedByLog() })) return null
      const provenBy = hasAnswered ? 'answered' : 'log'
      const known = { listener, provenBy, hasAnswered, status, overview: overview.current() } as const
      return { ...known, probes: log.all(), ...(refusal && { hostRefusal: refusal }) }
    },
    async probe(hasMoved, isAsked = false) {
      hasMovedSince ||= hasMoved
      if (pending) return pending
      const lastProbeAtMs = log.all().at(-1)?.atMs ?? null
      const need = { lastProbeAtMs, misses: log.misses(), hasMoved: hasMovedSince }
      if (!isAsked && !isProbeDue(need, now())) return false
      hasMovedSince = false
      pending = probeNow(need.hasMoved).finally(() => {
        pending = null
      })
      return pending
    },
    setOverview: overview.set,
    forgetMisses: log.forgetMisses,
    close: connection.close,
  }
}

interface Contact {
  /** It answered, but not as a Serena. */
  isStranger: boolean
  hasAnswered: boolean
  refusal: HostRefusal | null
  isNamed: boolean
}

/** True if it has answered as a Serena, or is expected to be one by the log or by its refusal. */
function isDashboard({ isStranger, hasAnswered, refusal, isNamed }: Contact): boolean {
  if (isStranger) return refusal !== null && (isNamed || lacksLoopback(refusal))
  return hasAnswered || isNamed
}

/** Such a list accepts no request for 127.0.0.1. An empty one accepts every host. */
const lacksLoopback = ({ trusted }: HostRefusal): boolean =>
  trusted !== null && trusted.length > 0 && !trusted.includes('127.0.0.1')

interface OverviewCache {
  current(): Overview | null
  set(overview: Overview): void
  isDue(hasMoved: boolean): boolean
  /** Waits no longer than the client's deadline: up to Serena 1.5.3 the answer waits for the running tool. */
  refresh(): Promise<void>
}

function createOverviewCache(
  connection: Pick<DashboardConnection, 'overview'>,
  now: () => number,
  onChange: () => void,
): OverviewCache {
  let overview: Overview | null = null
  let atMs = Number.NEGATIVE_INFINITY
  return {
    current: () => overview,
    set(newer) {
      overview = newer
      atMs = now()
    },
    isDue: (hasMoved) => overview === null || (hasMoved && now() - atMs > OVERVIEW_MS),
    async refresh() {
      atMs = now()
      try {
        const answer = await connection.overview()
        if (answer.isAvailable) overview = answer.data
      } catch {
        // The probes judge the dashboard; the overview only adds facts. It is requested again after activity.
        atMs = Number.NEGATIVE_INFINITY
      }
      onChange()
    },
  }
}
