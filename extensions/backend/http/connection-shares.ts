// Who may hold connections. Each program of this machine can open them; only requests with the token show that one is ours. So the
// two kinds have separate shares, and when the share of the unproven is full, the one that has waited longest is closed: a request
// of ours is whole a moment after its connection, and one that is held open is not.

/** What is needed of a socket. */
export interface HeldConnection {
  once(event: 'close', listener: () => void): unknown
  destroy(): unknown
}

export interface ShareSizes {
  unproven: number
  proven: number
}

/** What the looks at processes need at once, in files. */
const KEPT_FILES = 256

/** The sizes for a process that may have so many files open; null: there is no such limit. A page has seven connections. */
export function shareSizesFor(openFiles: number | null): ShareSizes {
  const half = openFiles === null ? Infinity : Math.max(32, Math.floor((openFiles - KEPT_FILES) / 2))
  return { unproven: Math.min(2_048, half), proven: Math.min(512, half) }
}

export interface ConnectionShares<Connection extends HeldConnection> {
  /** A connection was opened. */
  add(connection: Connection): void
  /** The head of a request has come on it, of which nothing is proven. */
  hear(connection: Connection): void
  /** A request with the token has come on it. False: that share is full, and the connection is closed. */
  prove(connection: Connection): boolean
}

/** No connection is kept beyond these shares. */
export function createConnectionShares<Connection extends HeldConnection>(
  sizes: ShareSizes,
): ConnectionShares<Connection> {
  // In the order in which they were last heard of: a Set keeps it.
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
