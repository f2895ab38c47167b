// All dashboards' clients share one limit: a machine full of hung ones must not use up our sockets.
import type { DashboardTarget } from '../../facts-network.ts'
import { createLimit } from '../../lib/limit.ts'
import { createDashboard, type Dashboard, type DashboardLimits } from './dashboard.ts'
import type { OwnsConnection } from './open-connection.ts'

const PROBES_IN_FLIGHT = 8

export interface Dashboards {
  connect(target: DashboardTarget): Dashboard
  close(): Promise<void>
}

/** Makes clients; `now` is monotonic. */
export function createDashboards({
  now,
  limits,
  ownsConnection,
  inFlight = PROBES_IN_FLIGHT,
}: {
  now: () => number
  /** Absent where the platform cannot tell. */
  ownsConnection?: OwnsConnection | undefined
  /** So many probes at once, of all its clients together. */
  inFlight?: number
  limits?: DashboardLimits
}): Dashboards {
  const limit = createLimit(inFlight)
  const open = new Set<Dashboard>()
  return {
    connect(target) {
      const dashboard = createDashboard({ target, ownsConnection, now, limit, ...(limits && { limits }) })
      open.add(dashboard)
      const close = (): Promise<void> => {
        open.delete(dashboard)
        return dashboard.close()
      }
      return { ...dashboard, close }
    },
    async close() {
      await Promise.all([...open].map((dashboard) => dashboard.close()))
      open.clear()
    },
  }
}
