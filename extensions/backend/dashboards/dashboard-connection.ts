// The client of one Serena dashboard, as the rest of the backend uses it.
import type { Capability, Executions, LogPage, Overview, ToolStats } from '#contract/details'
import type { DashboardStatus, HostRefusal, ProbeOutcome } from './dashboard-facts.ts'
import type { DashboardActions } from './dashboard-service.ts'

/** Probes (`identify`, `poll`, `heartbeat`) never throw; the other calls throw AppError. */
export interface DashboardConnection {
  /** `isSerena`: its tools include `find_symbol`, which every Serena has and no other program. */
  identify(): Promise<{ outcome: ProbeOutcome; isSerena: boolean }>
  /** Reads the active project and the newest log index; no log lines are sent. */
  poll(): Promise<{ outcome: ProbeOutcome; status: DashboardStatus | null }>
  /** `/heartbeat`; before 1.0.0 `/get_log_messages`. */
  heartbeat(): Promise<ProbeOutcome>
  /** AppError `dashboard-timeout` after `callMs`; the request continues, and the next caller shares it. */
  overview(): Promise<Capability<Overview>>
  executions(): Promise<Capability<Executions>>
  toolStats(): Promise<Capability<ToolStats>>
  logs(from: number): Promise<Capability<LogPage>>
  /** Each is sent only once the owner of the target is proven to have the other end of the connection. */
  readonly actions: DashboardActions
  /** Null: it accepts the host 127.0.0.1, or was not queried yet. */
  hostRefusal?(): HostRefusal | null
  close(): void
}
