// What the surfaces (HTTP, command line) may ask of the features. Implemented by features, handed over in `createApp(deps)`.
import type { Capability, Executions, LogPage, Overview, ToolStats } from '#contract/details'
import type { EndingEvent, EndingPlan, EndRequest, Receipt } from '#contract/ending'
import type { InstanceChanges } from '#contract/events'
import type { History } from '#contract/history'
import type { InstanceList } from '#contract/instance'
import type { Registration, RegistryChange, RegistryList, WrittenEntry } from '#contract/registry'
import type { RouteAnswer, RouteBody, RouteName } from '#contract/routes'
import type { Handshake } from '#contract/window'

export interface InstanceService {
  /** The result of the last sweep, at once. */
  current(): InstanceList
  /** Looks at everything now. */
  sweep(): Promise<InstanceList>
  /** True while a first sign of an orphan waits to be confirmed. */
  isConfirming(): boolean
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

/** What one may do to an instance through its own dashboard. Errors: AppError `not-in-this-serena`, `outcome-unknown`, … */
export interface DashboardActions {
  clearLogs(): Promise<void>
  clearStats(): Promise<void>
  /** Before 1.7.0 a memory that does not exist reads as a sentence that says so. */
  readMemory(name: string): Promise<string>
  saveMemory(name: string, content: string): Promise<void>
  renameMemory(from: string, to: string): Promise<void>
  deleteMemory(name: string): Promise<void>
  /** Null: this Serena has no such route. */
  languages(): Promise<string[] | null>
  addLanguage(language: string): Promise<void>
  removeLanguage(language: string): Promise<void>
  cancelExecution(taskId: number): Promise<boolean>
  setOpensOnLaunch(isOn: boolean): Promise<void>
  /** Newest first; null: this Serena has no such route. */
  news(): Promise<{ id: string; html: string }[] | null>
  markNewsRead(id: string): Promise<void>
  readConfiguration(): Promise<string>
  saveConfiguration(text: string): Promise<void>
  /** Serena never answers this one: the connection closes. The process tells whether it worked. */
  shutdown(): Promise<void>
}

type Change<Name extends RouteName> = (
  instanceId: string,
  input: RouteBody<Name>,
) => Promise<RouteAnswer<Name>>

/** The same for the page: proven, compared with what the person saw, and verified. */
export interface DashboardChanges {
  clearLogs(instanceId: string): Promise<RouteAnswer<'clearLogs'>>
  clearStats(instanceId: string): Promise<RouteAnswer<'clearStats'>>
  memory(instanceId: string, name: string): Promise<RouteAnswer<'memory'>>
  saveMemory: Change<'saveMemory'>
  renameMemory: Change<'renameMemory'>
  deleteMemory: Change<'deleteMemory'>
  languages(instanceId: string): Promise<RouteAnswer<'languages'>>
  addLanguage: Change<'addLanguage'>
  removeLanguage: Change<'removeLanguage'>
  cancelExecution: Change<'cancelExecution'>
  setOpensOnLaunch: Change<'setOpensOnLaunch'>
  news(instanceId: string): Promise<RouteAnswer<'news'>>
  markNewsRead: Change<'markNewsRead'>
  shutdown(instanceId: string): Promise<RouteAnswer<'shutdown'>>
  configuration(instanceId: string): Promise<RouteAnswer<'configuration'>>
  previewConfiguration: Change<'previewConfiguration'>
  saveConfiguration: Change<'saveConfiguration'>
}

/** Where an instance keeps its things, shown by the system. Paths come from what the deck found, never from the caller. */
export interface PlaceService {
  reveal: Change<'reveal'>
}

/** The shared registry. An id is a listed entry's; only entries of ours can be changed. */
export interface RegistryService {
  list(): Promise<RegistryList>
  register(registration: Registration): Promise<WrittenEntry>
  touch(entryId: string): Promise<WrittenEntry>
  update(entryId: string, change: RegistryChange): Promise<WrittenEntry>
  /** Answers what was removed. */
  deregister(entryId: string): Promise<WrittenEntry>
}

/** What happened to instances, as it was written down. */
export interface HistoryService {
  /** The newest `limit` records; `about`: only those of one instance, by its id; null: all. */
  list(asked: { about: string | null; limit: number }): Promise<History>
}

/** Settings of every home and of ours. A home's are changed by single keys, with the hash of the differences that were shown. */
export interface SettingsService {
  view(): Promise<RouteAnswer<'settings'>>
  changeOwn(change: RouteBody<'changeOwnSettings'>): Promise<RouteAnswer<'settings'>>
  previewHome(request: RouteBody<'previewHomeSettings'>): Promise<RouteAnswer<'previewHomeSettings'>>
  saveHome(request: RouteBody<'saveHomeSettings'>): Promise<RouteAnswer<'settings'>>
}

/** Ending instances: the plan touches nothing, the end looks afresh first. */
export interface EndingService {
  /** Null: every red one; one id: that one, whatever its state. */
  plan(ids: readonly string[] | null): Promise<EndingPlan>
  /** Resolves when all is over. Errors: `instance-not-found`, `instance-replaced`, `not-to-be-ended`. */
  end(request: EndRequest): Promise<Receipt>
  /** Calls back with each step; the result ends it. */
  subscribe(onEvent: (event: EndingEvent) => void): () => void
}

/** The native window. */
export interface WindowService {
  /** The origins of the pages that are admitted now: of connected windows only. */
  origins(): ReadonlySet<string>
  /** Connects to a window. `isOnly` false: there is one already, which was shown instead; the new one goes. */
  adopt(handshake: Handshake): Promise<{ isOnly: boolean }>
  /** Brings the window to the front, with that instance's tab. Not `hasPage`: its page has not introduced itself yet. */
  show(instanceId: string | null): { isShown: boolean; hasPage: boolean }
  /** Ends the window; false: there is none. */
  dismiss(): boolean
  /** Resolves when no window is connected. */
  gone(): Promise<void>
  close(): void
}
