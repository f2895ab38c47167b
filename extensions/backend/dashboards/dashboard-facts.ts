// What is known about the dashboard of an instance: plain data.

import type { Overview } from '#contract/details'
import type { Listener, ProcessFact } from '../os/process-facts.ts'

/** One attempt to get an answer from a dashboard. Times are monotonic milliseconds. */
export interface ProbeOutcome {
  atMs: number
  tookMs: number
  /**
   * `answered`: any well-formed answer; `silent`: no answer within the deadline; `refused`: connection refused or reset;
   * `unasked`: the request could not be sent (no descriptor, no permission, no such address), or this process was paused past the
   * deadline, which says nothing about the dashboard.
   */
  result: 'answered' | 'silent' | 'refused' | 'unasked'
}

/** What a short probe of a verified dashboard reports. */
export interface DashboardStatus {
  /** Null: no project; undefined: this Serena does not report it (0.1.x). */
  activeProject: string | null | undefined
  /** Index of the newest log line, -1 none. */
  logIndex: number | null
}

/** The dashboard of an instance as far as it is known; null: not known. */
export interface DashboardKnowledge {
  /** The dashboard's socket, proven or expected. */
  listener: Listener
  /** `answered`: it has answered as a Serena; `log`: the instance's own log names the port. */
  provenBy: 'answered' | 'log'
  hasAnswered: boolean
  status: DashboardStatus | null
  overview: Overview | null
  /** The newest probes, oldest first, bounded. */
  probes: readonly ProbeOutcome[]
  /** Absent: it accepts 127.0.0.1, or was not queried yet. */
  hostRefusal?: HostRefusal
}

/** The socket of a dashboard, and what is known about its process. */
export interface DashboardTarget {
  listener: Listener
  /** The process that owns the listener; null: it cannot be read, so no change is ever sent. */
  owner: Pick<ProcessFact, 'pid' | 'identity'> | null
  /** `web_dashboard_trusted_hosts` of its home as the file is now; null: not known, or not set. */
  trustedHosts: () => readonly string[] | null
}

/** A dashboard that does not accept requests for the host 127.0.0.1 (`web_dashboard_trusted_hosts`). */
export interface HostRefusal {
  /** The host of its list that requests use; null: it refused all known hosts. */
  acceptedHost: string | null
  /** Its list as the file is now; null: not known. */
  trusted: readonly string[] | null
}
