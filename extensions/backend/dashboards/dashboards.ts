// The clients of all dashboards share one limit, so that hung dashboards do not use up the sockets.

import { createLimit } from '../lib/limit.ts'
import { createDashboard, type Dashboard, type DashboardLimits } from './dashboard.ts'
import type { DashboardTarget } from './dashboard-facts.ts'
import type { OwnsConnection } from './open-connection.ts'

const PROBES_IN_FLIGHT = 8

export interface Dashboards {
  connect(target: DashboardTarget): Dashboard
  close(): void
}

/** Creates clients; `now` is monotonic milliseconds. */
export function createDashboards({
  now,
  limits,
  ownsConnection,
  inFlight = PROBES_IN_FLIGHT,
}: {
  now: () => number
  /** Absent where the platform cannot report it. */
  ownsConnection?: OwnsConnection | undefined
  /** The maximum of concurrent probes, of all clients together. */
  inFlight?: number
  limits?: DashboardLimits
}): Dashboards {
  const limit = createLimit(inFlight)
  const open = new Set<Dashboard>()
  return {
    connect(target) {
      const dashboard = createDashboard({ target, ownsConnection, now, limit, ...(limits && { limits }) })
      open.add(dashboard)
      const close = (): void => {
        open.delete(dashboard)
        dashboard.close()
      }
      return { ...dashboard, close }
    },
    close() {
      for (const dashboard of open) dashboard.close()
      open.clear()
    },
  }
}
