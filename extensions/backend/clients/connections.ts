// The stdio connections of all instances: read once per scan, and remembered to find launchers and clients.

import type { ConnectionFacts, ConnectionHint, ConnectionHints } from '../os/connection-facts.ts'
import type { ProcessSource } from '../os/process-facts.ts'
import type { ProcessIdentity } from '../os/process-identity.ts'
import type { SerenaProcess } from '../serena/serena-process.ts'
import { treeOf } from '../serena/serena-process.ts'

/** Where the platform reports no connections. */
const NOT_REPORTED: ConnectionFacts = { clientEnd: 'unknown', evidence: [] }

export interface Connections {
  /** Reads the connection of each; true: a launcher or client became known. Forgets all other instances. */
  scan(serenas: readonly SerenaProcess[]): Promise<boolean>
  hints(): ConnectionHints
  /** The connection at the last scan. */
  of(identity: ProcessIdentity): ConnectionFacts
}

/** Returns connections that were not read yet. */
export function createConnections(source: Pick<ProcessSource, 'connection'>): Connections {
  let facts: ReadonlyMap<ProcessIdentity, ConnectionFacts> = new Map()
  let hints: ConnectionHints = new Map()

  return {
    async scan(serenas) {
      const next = new Map<ProcessIdentity, ConnectionFacts>()
      const nextHints = new Map<ProcessIdentity, ConnectionHint>()
      let isNew = false
      for (const serena of serenas) {
        const { process, command, isLauncherOnly } = serena
        if (isLauncherOnly || command.transport !== 'stdio') continue
        const connection = (await source.connection?.(process, treeOf(serena))) ?? NOT_REPORTED
        next.set(process.identity, connection)
        const before = hints.get(process.identity)
        const hint = hintOf(connection, before)
        nextHints.set(process.identity, hint)
        isNew ||= !isSame(hint, before)
      }
      facts = next
      hints = nextHints
      return isNew
    },
    hints: () => hints,
    of: (identity) => facts.get(identity) ?? NOT_REPORTED,
  }
}

/** A holder that only reads is a client if it is an ancestor; any other may have inherited that end. */
function hintOf({ launchers, holder }: ConnectionFacts, before: ConnectionHint | undefined): ConnectionHint {
  const isClient = holder?.hasBothEnds === true || holder?.isAncestor === true
  return {
    launchers: new Set(launchers ?? before?.launchers ?? []),
    client: isClient ? (holder?.identity ?? null) : (before?.client ?? null),
  }
}

const isSame = (a: ConnectionHint, b: ConnectionHint | undefined): boolean =>
  a.client === (b?.client ?? null) &&
  a.launchers.size === (b?.launchers.size ?? 0) &&
  [...a.launchers].every((one) => b?.launchers.has(one))
