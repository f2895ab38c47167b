// Limits open connections. Any local program can open one; only a request with the token proves that it is ours. The two kinds have
// separate shares. When the share of the unproven is full, the one that was idle longest is closed: our own requests are complete
// moments after their connection.

/** The part of a socket that is used. */
export interface HeldConnection {
  once(event: 'close', listener: () => void): unknown
  destroy(): unknown
}

export interface ShareSizes {
  unproven: number
  proven: number
}

/** Open files that a process scan needs at the same time. */
const KEPT_FILES = 256

/** Returns the sizes for a process with this limit of open files; null: there is no such limit. A page has seven connections. */
export function shareSizesFor(openFiles: number | null): ShareSizes {
  const half = openFiles === null ? Infinity : Math.max(32, Math.floor((openFiles - KEPT_FILES) / 2))
  return { unproven: Math.min(2_048, half), proven: Math.min(512, half) }
}

export interface ConnectionShares<Connection extends HeldConnection> {
  /** A connection was opened. */
  add(connection: Connection): void
  /** The head of an unproven request has arrived on it. */
  hear(connection: Connection): void
  /** A request with the token has arrived on it. False: that share is full, and the connection is closed. */
  prove(connection: Connection): boolean
}

/** Creates the limits of open connections: no connection is kept beyond these shares. */
export function createConnectionShares<Connection extends HeldConnection>(
  sizes: ShareSizes,
): ConnectionShares<Connection> {
  // In the order of their last activity: a Set keeps it.
  const unproven = new Set<Connection>()
  const proven = new Set<Connection>()

  return {
    add(connection) {
      connection.once('close', () => {
        unproven.delete(connection)
        proven.delete(connection)
      })
      unproven.add(connection)
      if (unproven.size <= sizes.unproven) return
      const [oldest] = unproven
      if (!oldest) return
      unproven.delete(oldest)
      oldest.destroy()
    },
    hear(connection) {
      if (unproven.delete(connection)) unproven.add(connection)
    },
    prove(connection) {
      if (proven.has(connection)) return true
      unproven.delete(connection)
      if (proven.size >= sizes.proven) {
        connection.destroy()
        return false
      }
      proven.add(connection)
      return true
    },
  }
}
