// The hub, as the surfaces (HTTP, command line) use it.
import type { HubStatus } from '#contract/hub'
import type { HubChange } from './hub-client.ts'

export interface HubService {
  /** Its last status, with the memory of each Serena as the last scan measured it; null: no hub is running. */
  current(): HubStatus | null
  /** Connects to a hub that has started meanwhile, and returns its status. */
  status(): Promise<HubStatus | null>
  /** Calls back after each change. Call the returned function to stop. */
  subscribe(onStatus: (hub: HubStatus | null) => void): () => void
  /** Runs a control action; resolves to how many Serenas or clients it concerned. Errors: `hub-not-running`, `hub-refused`. */
  control(change: HubChange): Promise<number>
}
