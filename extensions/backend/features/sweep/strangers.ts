// Serenas that only their port tells of: their process cannot be read (another user's, a container's, WSL's). They are shown
// as unknown and never touched.
import type { InstanceFacts, ProcessSource, SerenaProcess, UnownedListener } from '../../facts.ts'
import type { DashboardTarget } from '../../facts-network.ts'
import { type DashboardConnection, type DashboardWatch, watchDashboard } from './dashboard-watch.ts'

/** Serena takes the first free port from 24282; so many are looked at. */
const FIRST_PORT = 24_282
const LAST_PORT = 24_301
/** Reading the table of all sockets costs 10 ms on some kernels, and strangers are rare. */
const LOOK_MS = 30_000

export interface StrangerDeps {
  source: ProcessSource
  connect: (target: DashboardTarget) => DashboardConnection
  /** Monotonic milliseconds. */
  now: () => number
  ownPort: () => number | null
  onNews: () => void
}

export interface Strangers {
  /** Looks which there are, at most every 30 s unless `isAsked`. `serenas`: those whose process is known. */
  renew(serenas: readonly SerenaProcess[], isAsked: boolean): Promise<void>
  /** Asks those that are due. */
  probe(): Promise<void>
  /** What is known of each that answers as Serena. */
  known(): readonly { listener: UnownedListener; dashboard: NonNullable<InstanceFacts['dashboard']> }[]
  close(): Promise<void>
}

/** Remembers the strangers between rounds. */
export function createStrangers({ source, connect, now, ownPort, onNews }: StrangerDeps): Strangers {
  const watches = new Map<string, { listener: UnownedListener; watch: DashboardWatch }>()
  let lookedAtMs = Number.NEGATIVE_INFINITY

  return {
    async renew(serenas, isAsked) {
      if (!source.unownedListeners || (!isAsked && now() - lookedAtMs < LOOK_MS)) return
      lookedAtMs = now()
      // A Serena of that user is shown with its process already: its port would be the same one again.
      const shownUsers = new Set(serenas.map(({ process }) => process.uid))
      const found = (await source.unownedListeners(FIRST_PORT, LAST_PORT)).filter(
        ({ uid, port, address, unreachable }) =>
          unreachable === undefined &&
          !(port === ownPort() && address === '127.0.0.1') &&
          (uid === source.ownUid || !shownUsers.has(uid)),
      )
      const sockets = new Set(found.map(({ socket }) => socket))
      for (const [socket, { watch }] of watches) {
        if (sockets.has(socket)) continue
        watches.delete(socket)
        void watch.close()
      }
      for (const listener of found) {
        if (watches.has(listener.socket)) continue
        const connection = connect({ listener, owner: null, trustedHosts: () => null })
        const watch = watchDashboard({ connection, listener, isNamedByLog: () => false, now, onNews })
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
    async close() {
      await Promise.all([...watches.values()].map(({ watch }) => watch.close()))
    },
  }
}
