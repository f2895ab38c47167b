// What is remembered of the bridge to a Serena elsewhere: the bridge that a connection goes through, also after it exited, and the
// container that it leads to.
import type { ContainerFact, ProcessDetails, ProcessTable } from '../os/process-facts.ts'
import type { ProcessIdentity } from '../os/process-identity.ts'
import { containerIdIn } from '../serena/remote-project.ts'
import type { SerenaProcess } from '../serena/serena-process.ts'
import type { InstanceFacts } from '../verdict/instance-facts.ts'

/** The place where a process runs, or that a bridge connects to. */
export interface RemotePlace {
  /** The container that it runs in. */
  container: ContainerFact | null
  /** Of a bridge: the container id that it wrote to its file. */
  containerId: string | null
}

export interface RemoteMemory {
  /** The bridge that the connection goes or went through; null: none is known. */
  facts(): NonNullable<InstanceFacts['remote']> | null
  place(): RemotePlace
  renew(serena: SerenaProcess, table: ProcessTable): void
  renewPlace(serena: SerenaProcess, details: ProcessDetails | null): void
}

/** Returns true for a process that only connects to a Serena elsewhere. */
export const isBridge = ({ isLauncherOnly, remote }: SerenaProcess): boolean =>
  isLauncherOnly && remote != null

/** Creates the memory of one instance. */
export function createRemoteMemory(): RemoteMemory {
  let known: NonNullable<InstanceFacts['remote']> | null = null
  let identity: ProcessIdentity | null = null
  let place: RemotePlace = { container: null, containerId: null }
  return {
    facts: () => known,
    place: () => place,
    renew({ remote }, { byPid, isComplete }) {
      if (remote) {
        known = { bridge: remote.bridge, pid: remote.process.pid, hasExited: false }
        identity = remote.process.identity
      } else if (known && isComplete)
        known = { ...known, hasExited: byPid.get(known.pid)?.identity !== identity }
    },
    renewPlace(serena, details) {
      const read = (): string | null =>
        isBridge(serena) ? containerIdIn(serena.remote?.bridge.idFile, details?.cwd ?? null) : null
      place = { container: details?.container ?? null, containerId: place.containerId ?? read() }
    },
  }
}
