// What is remembered of the sockets of an instance, and which of them are watched as its dashboard.

import { dashboardCandidates } from '../dashboards/dashboard-candidates.ts'
import { type DashboardConnection } from '../dashboards/dashboard-connection.ts'
import type { DashboardTarget } from '../dashboards/dashboard-facts.ts'
import { type DashboardWatch, watchDashboard } from '../dashboards/dashboard-watch.ts'
import type { Listener, ProcessFact } from '../os/process-facts.ts'
import type { SerenaCommand } from '../serena/serena-process.ts'
import type { HomeFacts } from './home-memory.ts'

export interface DashboardMemoryDeps {
  connect: (target: DashboardTarget) => DashboardConnection
  /** `web_dashboard_trusted_hosts` in the settings file of that home; null: not known, or not set. */
  trustedHostsOf: (serenaHome: string) => readonly string[] | null
  /** Monotonic milliseconds. */
  now: () => number
  /** Our own HTTP port, never a dashboard. */
  ownPort: () => number | null
  onNews: () => void
}

export interface DashboardMemory {
  listeners(): readonly Listener[] | null
  /** The one that answered as Serena, else the first candidate. */
  watch(): DashboardWatch | null
  /** The address where the dashboard is probed; null: there is no candidate. */
  target(): DashboardTarget | null
  /** The one that answered as Serena. */
  answered(): DashboardWatch | null
  /** The one that answered as Serena, and answered the last probe. */
  responsive(): DashboardWatch | null
  /** Takes the sockets of a round; null: they cannot be read. */
  renew(found: readonly Listener[] | null, command: SerenaCommand): void
  close(): void
}

/** Creates the memory of one instance; `owner`: its process. */
export function createDashboardMemory(
  owner: ProcessFact,
  home: Readonly<HomeFacts>,
  { connect, trustedHostsOf, now, ownPort, onNews }: DashboardMemoryDeps,
): DashboardMemory {
  let listeners: readonly Listener[] | null = []
  let watches: readonly DashboardWatch[] = []
  const answered = (): DashboardWatch | null =>
    watches.find((watch) => watch.knowledge()?.hasAnswered) ?? null
  const watchOf = (): DashboardWatch | null => answered() ?? watches[0] ?? null
  const targetOf = (listener: Listener): DashboardTarget => ({
    listener,
    owner,
    trustedHosts: () => (home.serenaHome === null ? null : trustedHostsOf(home.serenaHome)),
  })
  const startWatch = (listener: Listener): DashboardWatch =>
    watchDashboard({
      connection: connect(targetOf(listener)),
      listener,
      isNamedByLog: () => listener.port === home.logHead?.dashboardPort,
      now,
      onChange: onNews,
    })

  return {
    listeners: () => listeners,
    watch: watchOf,
    target() {
      const watch = watchOf()
      return watch && targetOf(watch.listener)
    },
    answered,
    responsive: () => watches.find(isResponsive) ?? null,
    renew(found, command) {
      // Sockets that cannot be read at the moment are taken as unchanged.
      if (found === null && listeners !== null && listeners.length > 0) return
      listeners = found
      const { logHead } = home
      const byLog = { port: logHead?.dashboardPort ?? null, address: logHead?.dashboardAddress ?? null }
      const candidates = dashboardCandidates(found ?? [], command, byLog, ownPort())
      const before = new Map(watches.map((watch) => [watch.listener.socket, watch]))
      const wanted = new Set(candidates.map(({ socket }) => socket))
      for (const [socket, watch] of before) if (!wanted.has(socket)) watch.close()
      const kept = watches.filter(({ listener }) => wanted.has(listener.socket))
      const added = candidates.filter(({ socket }) => !before.has(socket)).map(startWatch)
      watches = [...kept, ...added]
    },
    close() {
      for (const watch of watches) watch.close()
    },
  }
}

function isResponsive(watch: DashboardWatch): boolean {
  const known = watch.knowledge()
  return known?.hasAnswered === true && known.probes.at(-1)?.result === 'answered'
}
