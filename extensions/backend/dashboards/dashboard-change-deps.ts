// What changes of an instance need: its proven dashboard, and the checks around a change.
import type { Overview } from '#contract/details'
import type { ProcessIdentity } from '../os/process-identity.ts'
import type { DashboardConnection } from './dashboard-connection.ts'
import type { DashboardHolder } from './dashboard-holder.ts'

export interface Proven {
  connection: DashboardConnection
  track: DashboardHolder
  overview: Overview | null
}

export interface DashboardChangeDeps {
  /** Proves that the instance owns its dashboard's port; throws AppError otherwise. */
  prove: (instanceId: string) => Promise<Proven>
  /** True if a link leads out of that folder. */
  leadsOutside: (folder: string, parts: readonly string[]) => boolean
  hasExited: (identity: ProcessIdentity, pid: number) => Promise<boolean>
  /** Keeps a copy of a configuration before it is replaced. */
  backUp: (text: string) => void
}
