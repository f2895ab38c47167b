// Serenas of which only the port is visible: their process cannot be read (another user's, a container's, WSL's). They are shown
// as unknown and never touched.

import { type DashboardConnection } from '../dashboards/dashboard-connection.ts'
import type { DashboardTarget } from '../dashboards/dashboard-facts.ts'
import { type DashboardWatch, watchDashboard } from '../dashboards/dashboard-watch.ts'
import type { ProcessSource, UnownedListener } from '../os/process-facts.ts'
import type { SerenaProcess } from '../serena/serena-process.ts'
import type { InstanceFacts } from '../verdict/instance-facts.ts'

/** Serena takes the first free port from 24282; these are checked. */
const FIRST_PORT = 24_282
const LAST_PORT = 24_301
/** Reading the table of all sockets costs 10 ms on some kernels, and strangers are rare. */
const SCAN_MS = 30_000

export interface StrangerDeps {
  source: ProcessSource
  connect: (target: DashboardTarget) => DashboardConnection
  /** Monotonic milliseconds. */
  now: () => number
  ownPort: () => number | null
  onNews: () => void
}

export interface Strangers {
  /** Scans for them, at most every 30 s unless `isAsked`. `serenas`: those whose process is known. */
  renew(serenas: readonly SerenaProcess[], isAsked: boolean): Promise<void>
  /** Probes those that are due. */
  probe(): Promise<void>
  /** The facts of each one that answers as Serena. */
  known(): readonly { listener: UnownedListener; dashboard: NonNullable<InstanceFacts['dashboard']> }[]
  close(): void
}

/** Remembers the strangers between rounds. */
export function createStrangers({ source, connect, now, ownPort, onNews }: StrangerDeps): Strangers {
  const watches = new Map<string, { listener: UnownedListener; watch: DashboardWatch }>()
  let scannedAtMs = Number.NEGATIVE_INFINITY

  return {
    async renew(serenas, isAsked) {
      if (!source.unownedListeners || (!isAsked && now() - scannedAtMs < SCAN_MS)) return
      scannedAtMs = now()
      // A Serena of that user is shown with its process already: its port would be the same one again.
      const shownUsers = new Set(serenas.map(({ process }) => process.uid))
      // A port that a container publishes is the dashboard of the Serena behind its bridge.
      const published = new Set(serenas.flatMap(({ remote }) => remote?.bridge.ports ?? []))
      const found = (await source.unownedListeners(FIRST_PORT, LAST_PORT)).filter(
        ({ uid, port, address, unreachable }) =>
          unreachable === undefined &&
          !published.has(port) &&
          !(port === ownPort() && address === '127.0.0.1') &&
          (uid === source.ownUid || !shownUsers.has(uid)),
      )
      const sockets = new Set(found.map(({ socket }) => socket))
      for (const [socket, { watch }] of watches) {
        if (sockets.has(socket)) continue
        watches.delete(socket)
        watch.close()
      }
      for (const listener of found) {
        if (watches.has(listener.socket)) continue
        const connection = connect({ listener, owner: null, trustedHosts: () => null })
        const watch = watchDashboard({
          connection,
          listener,
          isNamedByLog: () => false,
          now,
          onChange: onNews,
        })
        watches.set(listener.socket, { listener, watch })
      }
    },
    async probe() {
      const answers = await Promise.all([...watches.values()].map(({ watch }) => watch.probe(false)))
      if (answers.includes(true)) onNews()
    },
    known: () =>
      [...watches.values()].flatMap(({ listener, watch }) => {
        const dashboard = watch.knowledge()
        return dashboard?.hasAnswered ? [{ listener, dashboard }] : []
      }),
    close() {
      for (const { watch } of watches.values()) watch.close()
    },
  }
}
