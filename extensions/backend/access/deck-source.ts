// The source of a command's answers: the running backend, or a deck in this process.
import type { Capability, LogPage } from '#contract/details'
import type { EndingPlan, EndRequest, Receipt } from '#contract/ending'
import type { InstanceList } from '#contract/instance'
import type { HistoryService } from '../history/history.ts'
import type { HubService } from '../hub/hub-service.ts'
import type { JumpService } from '../jump/jump.ts'
import type { RegistryService } from '../registry/registry-service.ts'
import type { LabelService } from '../settings/label-service.ts'

export interface DeckSource {
  /** Scans now. */
  list(): Promise<InstanceList>
  /** Calls back with the list now and after each change. Call the returned function to stop. */
  watch(onList: (list: InstanceList) => void): () => void
  logs(instanceId: string, from: number): Promise<Capability<LogPage>>
  /** Scans for as long as the rules need to be certain; calls `onWait` if that takes time. */
  settle(onWait: (text: string) => void): Promise<void>
  plan(ids: readonly string[] | null): Promise<EndingPlan>
  end(request: EndRequest): Promise<Receipt>
  setLabel: LabelService['set']
  jump: JumpService['jump']
  history: HistoryService['list']
  registry: RegistryService
  hub: Pick<HubService, 'status' | 'control'>
  /** Rejects when the source is lost while it is watched; otherwise it never settles. */
  ended: Promise<never>
  close(): Promise<void>
}
