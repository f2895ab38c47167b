// Remembers the bridge that an instance's connection goes through, also once that has ended.
import type { InstanceFacts, ProcessIdentity, ProcessTable, SerenaProcess } from '../../facts.ts'
import type { ContainerFact } from '../../facts-remote.ts'

/** What was read of one process. */
export interface RemotePlace {
  /** The container that it is in. */
  container: ContainerFact | null
  /** Of a bridge: the id that it wrote to its file. */
  containerId: string | null
}

export interface RemoteMemory {
  renew(serena: SerenaProcess, table: ProcessTable): void
  facts(): NonNullable<InstanceFacts['remote']> | null
}

/** An empty one. */
export function createRemoteMemory(): RemoteMemory {
  let known: NonNullable<InstanceFacts['remote']> | null = null
  let identity: ProcessIdentity | null = null
  return {
    renew({ remote }, { byPid, isComplete }) {
      if (remote) {
        known = { bridge: remote.bridge, pid: remote.process.pid, isGone: false }
        identity = remote.process.identity
      } else if (known && isComplete)
        known = { ...known, isGone: byPid.get(known.pid)?.identity !== identity }
    },
    facts: () => known,
  }
}
