// The dashboard of each instance, as the surfaces (HTTP, command line) use it.
import type { Capability, Executions, LogPage, Overview, ToolStats } from '#contract/details'
import type { RouteAnswer, RouteBody, RouteName } from '#contract/routes'

/** Calls that each prove again that the instance's process owns the port (else AppError `instance-replaced`). */
export interface DashboardService {
  overview(instanceId: string): Promise<Capability<Overview>>
  executions(instanceId: string): Promise<Capability<Executions>>
  stats(instanceId: string): Promise<Capability<ToolStats>>
  logs(instanceId: string, from: number): Promise<Capability<LogPage>>
}

/** The actions on an instance through its own dashboard. Errors: AppError `not-in-this-serena`, `outcome-unknown`, … */
export interface DashboardActions {
  clearLogs(): Promise<void>
  clearStats(): Promise<void>
  /** Before 1.7.0 the content of a memory that does not exist is a sentence that says so. */
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
  /** Serena closes the connection without an answer. Only the exit of the process shows that it worked. */
  shutdown(): Promise<void>
}

export type Change<Name extends RouteName> = (
  instanceId: string,
  input: RouteBody<Name>,
) => Promise<RouteAnswer<Name>>

/** The same for the page: proven, compared with the state that the user saw, and verified. */
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
