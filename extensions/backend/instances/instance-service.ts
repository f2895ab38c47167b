// The list of instances, as the surfaces (HTTP, command line) use it.
import type { InstanceChanges } from '#contract/events'
import type { InstanceList } from '#contract/instance'

export interface InstanceService {
  /** The result of the last sweep, without waiting. */
  current(): InstanceList
  /** Scans everything now. */
  sweep(): Promise<InstanceList>
  /** True while a first sign of an orphan waits to be confirmed. */
  isConfirming(): boolean
  /** Calls back with each set of changes, never with an empty one. Call the returned function to stop. */
  subscribe(onChanges: (changes: InstanceChanges) => void): () => void
  /** A full sweep runs every 5 s while a page is visible, otherwise every 15 s. */
  setVisible(isVisible: boolean): void
}
