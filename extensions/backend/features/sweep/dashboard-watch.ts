// One dashboard, watched: which socket it is, what it last said, and every attempt that got no answer.
import type { Capability, Executions, LogPage, Overview, ToolStats } from '#contract/details'
import type { DashboardKnowledge, DashboardLook, Listener, ProbeOutcome, SerenaCommand } from '../../facts.ts'
import type { HostRefusal } from '../../facts-network.ts'
import type { DashboardActions } from '../../services.ts'
import { isProbeDue, OVERVIEW_MS } from './probe-policy.ts'

/** What the sweep needs of a dashboard's client (`features/dashboards`). Probes never throw. */
export interface DashboardConnection {
  identify(): Promise<{ outcome: ProbeOutcome; isSerena: boolean }>
  look(): Promise<{ outcome: ProbeOutcome; look: DashboardLook | null }>
  heartbeat(): Promise<ProbeOutcome>
  overview(): Promise<Capability<Overview>>
  executions(): Promise<Capability<Executions>>
  toolStats(): Promise<Capability<ToolStats>>
  logs(from: number): Promise<Capability<LogPage>>
  readonly actions: DashboardActions
  /** Null: it accepts the host 127.0.0.1, or has not been asked. */
  hostRefusal?(): HostRefusal | null
  close(): Promise<void>
}

/** Serena's tray manager and project server: never a dashboard. */
const FOREIGN_PORTS: readonly number[] = [24224, 24225]
const DEFAULT_MCP_PORT = 8000
const KEPT_PROBES = 12

/** The address that Serena Deck itself listens on. */
const OWN_ADDRESS = '127.0.0.1'

/** What the log of an instance says of its dashboard. */
export interface NamedByLog {
  port: number | null
  /** As it is set; it may be a name. */
  address: string | null
}

/**
 * The sockets that may be the dashboard's, those that the log names first and alone; only sockets to which a connection from here
 * leads.
 */
export function dashboardCandidates(
  listeners: readonly Listener[],
  command: SerenaCommand,
  byLog: NamedByLog,
  ownPort: number | null,
): readonly Listener[] {
  const named = namedByLog(listeners, byLog)
  const mcpPort = command.transport === 'stdio' ? null : (command.mcpPort ?? DEFAULT_MCP_PORT)
  const isOther = ({ port, address }: Listener): boolean =>
    port === mcpPort || (port === ownPort && address === OWN_ADDRESS) || FOREIGN_PORTS.includes(port)
  const found = named.length > 0 ? named : listeners.filter((one) => !isOther(one))
  return found.filter(({ unreachable }) => unreachable === undefined)
}

/** Of several with that port the one with the address that the log names, if there is one: another may be the MCP server's. */
function namedByLog(listeners: readonly Listener[], { port, address }: NamedByLog): readonly Listener[] {
  const named = listeners.filter((one) => one.port === port)
  const exact = named.filter((one) => one.address === address)
  return exact.length > 0 ? exact : named
}

export interface DashboardWatch {
  readonly listener: Listener
  readonly connection: DashboardConnection
  /** Null: it answered, and is no Serena; or nothing speaks for it being one. */
  knowledge(): DashboardKnowledge | null
  /** Probes if one is due, or asked for; `hasMoved`: the instance did something. True: something is known that was not. */
  probe(hasMoved: boolean, isAsked?: boolean): Promise<boolean>
  /** Keeps a fresher overview that somebody else asked for. */
  keepOverview(overview: Overview): void
  /** Verdicts given before a sleep of the machine, or while our own loop was late, are thrown away. */
  forgetMisses(): void
  close(): Promise<void>
}

export interface WatchDeps {
  connection: DashboardConnection
  listener: Listener
  /** The instance's own log names this port; asked anew each time, for the log tells late. */
  isNamedByLog: () => boolean
  /** Monotonic milliseconds. */
  now: () => number
  /** Called when something became known outside of `probe`. */
  onNews: () => void
}

/** Such a list accepts no request for 127.0.0.1. An empty one accepts every host. */
const lacksThisMachine = ({ trusted }: HostRefusal): boolean =>
  trusted !== null && trusted.length > 0 && !trusted.includes('127.0.0.1')

/** Watches the dashboard behind one socket. */
export function watchDashboard({
  connection,
  listener,
  isNamedByLog,
  now,
  onNews,
}: WatchDeps): DashboardWatch {
  let hasAnswered = false
  let isStranger = false
  let look: DashboardLook | null = null
  let overview: Overview | null = null
  let overviewAtMs = Number.NEGATIVE_INFINITY
  let probes: ProbeOutcome[] = []
  let pending: Promise<boolean> | null = null
  /** A movement too soon after a probe is not forgotten: the next probe is due early. */
  let hasMovedSince = false

  const misses = (): number => probes.length - 1 - probes.findLastIndex(({ result }) => result === 'answered')
  const record = (outcome: ProbeOutcome): boolean => {
    // That we could not ask is no silence of the dashboard.
    if (outcome.result === 'unasked') return false
    probes = [...probes, outcome].slice(-KEPT_PROBES)
    return outcome.result === 'answered'
  }

  async function firstContact(): Promise<boolean> {
    const { outcome, isSerena } = await connection.identify()
    const isAnswer = record(outcome)
    isStranger = isAnswer && !isSerena
    hasAnswered = isAnswer && isSerena
    return hasAnswered
  }

  /** False: it answers as it did before, which is no news. */
  async function ask(hasMoved: boolean): Promise<boolean> {
    if (!hasAnswered && !(await firstContact())) return true
    const wasSilent = misses() > 0
    if (wasSilent && !record(await connection.heartbeat())) return true
    const next = await connection.look()
    if (!record(next.outcome)) return true
    const hasNewProject = next.look?.activeProject !== look?.activeProject
    const isNew = hasNewProject || look === null
    const isOther = isNew || next.look?.logIndex !== look?.logIndex
    look = next.look ?? look
    const isStale = hasMoved && now() - overviewAtMs > OVERVIEW_MS
    if (isNew || overview === null || isStale) await refreshOverview()
    return wasSilent || isOther
  }

  /** Waits no longer than the client's own patience: up to 1.5.3 the answer stands behind the running tool. */
  async function refreshOverview(): Promise<void> {
    overviewAtMs = now()
    try {
      const answer = await connection.overview()
      if (answer.isAvailable) overview = answer.data
    } catch {
      // Slow or refused: the probes judge the dashboard, the overview only adds facts; it is asked for again after activity.
      overviewAtMs = Number.NEGATIVE_INFINITY
    }
    onNews()
  }

  return {
    listener,
    connection,
    knowledge() {
      const refusal = connection.hostRefusal?.() ?? null
      const isRefused = isStranger && refusal !== null && (isNamedByLog() || lacksThisMachine(refusal))
      if ((isStranger && !isRefused) || (!hasAnswered && !isRefused && !isNamedByLog())) return null
      const hostRefusal = refusal && { hostRefusal: refusal }
      const provenBy = hasAnswered ? 'answered' : 'log'
      return { listener, provenBy, hasAnswered, look, overview, probes, ...hostRefusal }
    },
    async probe(hasMoved, isAsked = false) {
      hasMovedSince ||= hasMoved
      if (pending) return pending
      const lastProbeAtMs = probes.at(-1)?.atMs ?? null
      const need = { lastProbeAtMs, misses: misses(), hasMoved: hasMovedSince }
      if (!isAsked && !isProbeDue(need, now())) return false
      hasMovedSince = false
      pending = ask(need.hasMoved).finally(() => {
        pending = null
      })
      return pending
    },
    keepOverview(fresh) {
      overview = fresh
      overviewAtMs = now()
    },
    forgetMisses() {
      probes = probes.slice(0, probes.length - misses())
    },
    close: () => connection.close(),
  }
}
