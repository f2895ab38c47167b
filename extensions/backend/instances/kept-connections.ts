// The stdio connections of instances at rest: an open one is not read again while the kernel says that its output has a reader.
import type { ConnectionFacts } from '../os/connection-facts.ts'
import type { ProcessSource, ProcessTable } from '../os/process-facts.ts'
import type { ProcessIdentity } from '../os/process-identity.ts'

type Source = Pick<ProcessSource, 'connection' | 'hasLostReader'>

export interface KeptConnections extends Pick<ProcessSource, 'connection'> {
  /** Takes the list of a round. */
  begin(table: ProcessTable): void
}

/** Creates the memory of read connections. `isKept`: the instance is at rest, and its last reading may be used again. */
export function createKeptConnections(
  source: Source,
  isKept: (identity: ProcessIdentity) => boolean,
): KeptConnections {
  let known = new Map<ProcessIdentity, ConnectionFacts>()
  let present: ProcessTable['byPid'] = new Map()

  const isRunning = ({ holder }: ConnectionFacts): boolean => {
    const process = holder && present.get(holder.pid)
    return !holder || (process?.identity === holder.identity && process.runState !== 'Z')
  }

  return {
    begin({ byPid }) {
      present = byPid
      const identities = new Set([...byPid.values()].map(({ identity }) => identity))
      known = new Map([...known].filter(([identity]) => identities.has(identity)))
    },
    async connection(process, tree) {
      const before = known.get(process.identity)
      const isOpen = before?.clientEnd === 'open' && before.isProven === true
      if (
        isOpen &&
        isKept(process.identity) &&
        isRunning(before) &&
        source.hasLostReader?.(process) === false
      )
        return before
      const facts: ConnectionFacts = (await source.connection?.(process, tree)) ?? NOT_AVAILABLE
      known.set(process.identity, facts)
      return facts
    },
  }
}

/** Where the platform shows no connections. */
const NOT_AVAILABLE: ConnectionFacts = { clientEnd: 'unknown', evidence: [] }
