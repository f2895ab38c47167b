// What a platform says about processes and their sockets: plain data, no behavior.

import type { ConnectionFacts } from './connection-facts.ts'
import type { ConnectionEnds, ConnectionOwner, NetworkUse, Unreachable } from './network-facts.ts'
import type { ProcessIdentity } from './process-identity.ts'

export interface ProcessFact {
  identity: ProcessIdentity
  pid: number
  ppid: number
  /** Process group and session; null where the platform does not report it. */
  pgid: number | null
  sid: number | null
  uid: number | null
  /** Epoch milliseconds. */
  startedAtMs: number
  /** The kernel's short name (15 characters on Linux). */
  name: string
  /** Null: not readable. Empty: a kernel thread or a defunct process. */
  argv: readonly string[] | null
  /** The kernel's letter: R S D T t Z X I; null where the platform does not report it. */
  runState: string | null
  rssBytes: number | null
  /** User and system time since its start; null where the platform does not report it. */
  cpuMs: number | null
  /** The log that it writes as only a Serena does, named by its own pid. Absent: none, or the platform lists no open files. */
  serenaLog?: string
}

/** All processes at one moment. */
export interface ProcessTable {
  /** False: the list itself could not be read whole (out of descriptors, hidden /proc), so absence proves nothing. */
  isComplete: boolean
  byPid: ReadonlyMap<number, ProcessFact>
  /** Of an incomplete list: those that are there and could not be read. Absent: it may be any process. */
  unread?: ReadonlySet<number>
}

/** A quick scan between two lists. */
export interface QuickScan {
  /** Null: could not be read; absence then proves nothing. */
  pids: ReadonlySet<number> | null
  /** The watched pids that exist. */
  watched: ReadonlyMap<number, { identity: ProcessIdentity; runState: string | null; cpuMs: number | null }>
  /** Processes first seen now, or so young that an exec may still change what they are. */
  young: readonly ProcessFact[]
}

/** What is read only of a Serena, because it costs more or needs the same user. Null: not readable. */
export interface ProcessDetails {
  /** The platform reports folder, environment and open files of no process: null is no refusal then. */
  isUnavailable?: boolean
  /** The platform reports the open files of no process: null is no refusal then. */
  hasNoOpenFiles?: boolean
  /** A sentence why folder and environment cannot be read; absent: they can, or the reason is not known. */
  refusal?: string
  cwd: string | null
  /** Those of the requested environment variables that are set. */
  environment: Readonly<Record<string, string>> | null
  /** Pid of a debugger or tracer; 0 none. */
  tracerPid: number | null
  /** Its cgroup is frozen. */
  isFrozen: boolean | null
  /** A container's pid namespace; false: ours, or that of a sandbox of this user below ours; null: cannot be proven. */
  isForeignNamespace: boolean | null
  /** In such a sandbox: the pid that it has there, and the name of that namespace. */
  inner?: { pid: number; namespace: string }
  /** Files it holds open under a folder named `logs`, absolute paths. */
  openLogFiles: readonly string[] | null
  /** The number of its terminal as `tty` prints it, 3 of `/dev/pts/3`. Null: it has none; absent: the platform does not report it. */
  terminal?: number | null
  /** The container it is in and we are not; null or absent: none is known. */
  container?: ContainerFact | null
}

/** The file of a process's program. Null: not readable. */
export interface ProgramFacts {
  /** The target of `/proc/PID/exe`; ` (deleted)` at its end: that file was removed. */
  executable: string | null
  /** It has another mount namespace or root than ours, so its paths are not ours; null: cannot be proven. */
  isForeignMounts: boolean | null
}

export interface MemoryReading {
  bytes: number
  kind: 'pss' | 'rss'
}

/** A listening TCP socket. */
export interface Listener {
  /** As bound: `127.0.0.1`, `0.0.0.0`, `::1`, `::`. */
  address: string
  port: number
  /** The socket's inode (Linux) or another key that changes when the socket does. */
  socket: string
  /** Its network namespace, the link of `/proc/PID/ns/net`; null: it cannot be read. Absent: the platform has only one. */
  network?: string | null
  /** Why a connection from here would not lead to this socket; absent: it does. */
  unreachable?: Unreachable
}

/** A listener on one of the dashboards' ports that no process we can read owns: another user's, a container's, WSL's. */
export interface UnownedListener extends Listener {
  uid: number
}

/** Which sockets a process listens on; null: its descriptors cannot be read. */
export type ListenersOf = ReadonlyMap<number, readonly Listener[] | null>

/** Facts about the machine's processes and sockets; one per platform, in `os/`. */
export interface ProcessSource {
  /** The uid we run as; null on Windows. */
  readonly ownUid: number | null
  /** Names our pid namespace; null where the platform has none. */
  readonly pidNamespace: string | null
  list(): Promise<ProcessTable>
  quickScan(watched: ReadonlySet<number>): Promise<QuickScan>
  details(process: ProcessFact, variables: readonly string[]): Promise<ProcessDetails>
  /** The file of its program; null: the process has exited. Absent where the platform does not report it. */
  program?(process: ProcessFact): Promise<ProgramFacts | null>
  /** Memory of one process: PSS where readable, else RSS; null: it has exited or cannot be read. */
  memory(process: ProcessFact): Promise<MemoryReading | null>
  listeners(processes: readonly ProcessFact[]): Promise<ListenersOf>
  /** Whether that very process has the other end of an open connection of ours. Absent where the platform does not report it. */
  ownsConnection?(
    owner: Pick<ProcessFact, 'pid' | 'identity'>,
    ends: ConnectionEnds,
  ): Promise<ConnectionOwner>
  /** Listeners from `firstPort` to `lastPort` whose owner cannot be read. Absent where the platform does not report it. */
  unownedListeners?(firstPort: number, lastPort: number): Promise<readonly UnownedListener[]>
  /** The processes that are connected to each; null: its sockets cannot be read. Absent where the platform does not report it. */
  networkUse?(processes: readonly ProcessFact[]): Promise<ReadonlyMap<number, NetworkUse | null>>
  /** The pids that the table's processes carry inside other pid namespaces. Absent where there are none. */
  innerPids?(table: ProcessTable): Promise<ReadonlySet<number>>
  /** The state of the stdio connection of an instance; `tree`: the instance, its launchers and descendants. Absent where the platform does not report it. */
  connection?(process: ProcessFact, tree: readonly ProcessFact[]): Promise<ConnectionFacts>
  /** Cheap, between two rounds: the MCP output that is known has no reader now. False: it has, or that cannot be said. */
  hasLostReader?(process: ProcessFact): boolean
  /** A sentence for the user about what the last list could not read; null: nothing to say. Absent: never anything. */
  notice?(): string | null
}

/** The container that a process is in, by its cgroup. */
export interface ContainerFact {
  /** What stops it: `docker`, `podman`, `crictl`, `lxc`. */
  program: string
  id: string
  /** Null: not known. */
  name: string | null
}
