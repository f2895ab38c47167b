// What is known of a dashboard's place in the network: where it is asked, which process has the other end, which hosts it trusts.
import type { Listener, ProcessFact } from './facts.ts'

/**
 * `other-network`: it is in another network namespace; `unknown-network`: that cannot be ruled out; `shadowed`: another socket
 * takes connections to the same address and port; `no-address`: the address is none of this machine's now.
 */
export type Unreachable = 'other-network' | 'unknown-network' | 'shadowed' | 'no-address'

/** Both ends of an open TCP connection of ours. */
export interface ConnectionEnds {
  theirs: { address: string; port: number }
  ours: { address: string; port: number }
}

/**
 * Which process has the other end of a connection: `own`: the one that was meant; `other`: not that one; `waiting`: it is not
 * accepted yet; `unknown`: it cannot be read.
 */
export type ConnectionOwner = 'own' | 'other' | 'waiting' | 'unknown'

/** Where a dashboard is asked, and what is known of the process behind it. */
export interface DashboardTarget {
  listener: Listener
  /** The process that owns the listener; null: it cannot be read, and nothing is ever changed there. */
  owner: Pick<ProcessFact, 'pid' | 'identity'> | null
  /** `web_dashboard_trusted_hosts` of its home as the file is now; null: not known, or not set. */
  trustedHosts: () => readonly string[] | null
}

/** A dashboard that does not accept requests for the host 127.0.0.1 (`web_dashboard_trusted_hosts`). */
export interface HostRefusal {
  /** The host of its list that it is asked by; null: it refused all that are known. */
  acceptedHost: string | null
  /** Its list as the file is now; null: not known. */
  trusted: readonly string[] | null
}
