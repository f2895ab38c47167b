// What a platform says about the two ends of a TCP connection: plain data.

/**
 * `other-network`: it is in another network namespace; `unknown-network`: that cannot be ruled out; `shadowed`: another socket
 * takes connections to the same address and port; `no-address`: this machine does not have the address now.
 */
export type Unreachable = 'other-network' | 'unknown-network' | 'shadowed' | 'no-address'

/** Both ends of an open TCP connection of ours. */
export interface ConnectionEnds {
  theirs: { address: string; port: number }
  ours: { address: string; port: number }
}

/**
 * Which process has the other end of a connection: `own`: the intended one; `other`: another one; `waiting`: it is not
 * accepted yet; `unknown`: it cannot be read.
 */
export type ConnectionOwner = 'own' | 'other' | 'waiting' | 'unknown'

/** The ports that a process listens on, each with the process at the other end of every connection; null: it cannot be seen. */
export type NetworkUse = readonly { port: number; clients: readonly (number | null)[] }[]
