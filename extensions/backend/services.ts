// What the surfaces (HTTP, command line) may ask of the features. Implemented by features, handed over in `createApp(deps)`.
import type { Capability, Executions, LogPage, Overview, ToolStats } from '#contract/details'
import type { InstanceChanges } from '#contract/events'
import type { InstanceList } from '#contract/instance'

export interface InstanceService {
  /** The result of the last sweep, at once. */
  current(): InstanceList
  /** Looks at everything now. */
  sweep(): Promise<InstanceList>
  /** Calls back with each set of changes, never with an empty one; the result ends it. */
  subscribe(onChanges: (changes: InstanceChanges) => void): () => void
  /** The full sweep runs every 5 s while somebody looks, else every 15 s. */
  setVisible(isVisible: boolean): void
}

/** Proxied calls; each proves again that the instance's pid owns the port (else AppError `instance-replaced`). */
export interface DashboardService {
  overview(instanceId: string): Promise<Capability<Overview>>
  executions(instanceId: string): Promise<Capability<Executions>>
  stats(instanceId: string): Promise<Capability<ToolStats>>
  logs(instanceId: string, from: number): Promise<Capability<LogPage>>
}
