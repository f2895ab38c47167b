// The stdio connections of all instances: looked at once a round, and remembered for finding launchers and clients by them.
import type { ProcessIdentity, ProcessSource, SerenaProcess } from '../../facts.ts'
import type { ConnectionHint, ConnectionHints, WireFacts } from '../../os/connection-facts.ts'
import { treeOf } from './usage.ts'

/** Where the platform says nothing of connections. */
const NOT_SAID: WireFacts = { clientEnd: 'unknown', evidence: [] }

export interface Connections {
  /** Looks at the connection of each; true: a launcher or client became known that was not. Forgets all other instances. */
  look(serenas: readonly SerenaProcess[]): Promise<boolean>
  hints(): ConnectionHints
  /** What the last look said. */
  of(identity: ProcessIdentity): WireFacts
}

/** Connections that have not been looked at yet. */
export function createConnections(source: Pick<ProcessSource, 'wire'>): Connections {
  let facts: ReadonlyMap<ProcessIdentity, WireFacts> = new Map()
  let hints: ConnectionHints = new Map()

  return {
    async look(serenas) {
      const next = new Map<ProcessIdentity, WireFacts>()
      const nextHints = new Map<ProcessIdentity, ConnectionHint>()
      let isNew = false
      for (const serena of serenas) {
        const { process, command, isLauncherOnly } = serena
        if (isLauncherOnly || command.transport !== 'stdio') continue
        const wire = (await source.wire?.(process, treeOf(serena))) ?? NOT_SAID
        next.set(process.identity, wire)
        const before = hints.get(process.identity)
        const hint = hintOf(wire, before)
        nextHints.set(process.identity, hint)
        isNew ||= !isSame(hint, before)
      }
      facts = next
      hints = nextHints
      return isNew
    },
    hints: () => hints,
    of: (identity) => facts.get(identity) ?? NOT_SAID,
  }
}

/** A holder that reads only is a client as long as it stands above; any other may have inherited that end. */
function hintOf({ launchers, holder }: WireFacts, before: ConnectionHint | undefined): ConnectionHint {
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
