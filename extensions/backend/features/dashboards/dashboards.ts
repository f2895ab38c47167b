// All dashboards' clients share one limit: a machine full of hung ones must not use up our sockets.
import { createLimit } from '../../lib/limit.ts'
import { createDashboard, type Dashboard, type DashboardLimits } from './dashboard.ts'

const PROBES_IN_FLIGHT = 8

export interface Dashboards {
  connect(port: number): Dashboard
  close(): Promise<void>
}

/** Makes clients; `now` is monotonic. */
export function createDashboards({
  now,
  limits,
  inFlight = PROBES_IN_FLIGHT,
}: {
  now: () => number
  /** So many probes at once, of all its clients together. */
  inFlight?: number
  limits?: DashboardLimits
}): Dashboards {
  const limit = createLimit(inFlight)
  const open = new Set<Dashboard>()
  return {
    connect(port) {
      const dashboard = createDashboard({ port, now, limit, ...(limits && { limits }) })
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
