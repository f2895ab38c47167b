// What the sweep knows: plain data, no behaviour. Everything that judges, draws or prints is computed from these.
import type { Overview } from '#contract/details'
import type { Flag, Instance, Project, State, Verdict } from '#contract/instance'
import type { EntryFlags } from '#contract/registry'
import type {
  ConnectionEnds,
  ConnectionOwner,
  HostRefusal,
  NetworkUse,
  Unreachable,
} from './facts-network.ts'
import type { ContainerFact, RemoteBridge } from './facts-remote.ts'
import type { WireFacts } from './os/connection-facts.ts'

/**
 * Names one process for ever, unlike a pid: Linux `bootId:pid:startTicks`, elsewhere `pid:startedAtMs`.
 * (Shared facts B: ticks since boot survive a change of the clock, the date does not.)
 */
export type ProcessIdentity = string

export interface ProcessFact {
  identity: ProcessIdentity
  pid: number
  ppid: number
  /** Process group and session; null where the platform does not tell. */
  pgid: number | null
  sid: number | null
  uid: number | null
  /** Epoch milliseconds. */
  startedAtMs: number
  /** The kernel's short name (15 characters on Linux). */
  name: string
  /** Null: not readable. Empty: a kernel thread or a defunct process. */
  argv: readonly string[] | null
  /** The kernel's letter: R S D T t Z X I; null where the platform does not tell. */
  runState: string | null
  rssBytes: number | null
  /** User and system time since its start; null where the platform does not tell. */
  cpuMs: number | null
  /** The log that it writes as only a Serena does, named by its own pid. Absent: none, or the platform lists no open files. */
  serenaLog?: string
}

/** All processes at one moment. */
export interface ProcessTable {
  /** False: the list itself could not be read whole (out of descriptors, hidden /proc), so absence proves nothing. */
  isComplete: boolean
  byPid: ReadonlyMap<number, ProcessFact>
  /** Of an incomplete list: those that are there and could not be read. Absent: it may be anybody. */
  unread?: ReadonlySet<number>
}

/** A cheap look between two lists. */
export interface Glance {
  /** Null: could not be read; absence then proves nothing. */
  pids: ReadonlySet<number> | null
  /** The watched pids that exist. */
  watched: ReadonlyMap<number, { identity: ProcessIdentity; runState: string | null; cpuMs: number | null }>
  /** Processes first seen now, or so young that an exec may still change what they are. */
  young: readonly ProcessFact[]
}

/** What is read only of a Serena, because it costs more or needs the same user. Null: not readable. */
export interface ProcessDetails {
  /** The platform tells folder, environment and open files of no process: that they are null is no refusal. */
  isUntold?: boolean
  cwd: string | null
  /** The environment variables that matter to us, of those that were asked for. */
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
  /** The number of its terminal as `tty` prints it, 3 of `/dev/pts/3`. Null: it has none; absent: the platform does not tell. */
  terminal?: number | null
  /** The container it is in and we are not; null or absent: none is known. */
  container?: ContainerFact | null
}

/** The file of a process's program. Null: not readable. */
export interface ProgramFacts {
  /** Where `/proc/PID/exe` leads; ` (deleted)` at its end: that file is gone. */
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
  glance(watched: ReadonlySet<number>): Promise<Glance>
  details(process: ProcessFact, variables: readonly string[]): Promise<ProcessDetails>
  /** The file of its program; null: the process is gone. Absent where the platform cannot tell. */
  program?(process: ProcessFact): Promise<ProgramFacts | null>
  /** Memory of one process: PSS where readable, else RSS; null: it is gone or unreadable. */
  memory(process: ProcessFact): Promise<MemoryReading | null>
  listeners(processes: readonly ProcessFact[]): Promise<ListenersOf>
  /** Whether that very process has the other end of an open connection of ours. Absent where the platform cannot tell. */
  ownsConnection?(
    owner: Pick<ProcessFact, 'pid' | 'identity'>,
    ends: ConnectionEnds,
  ): Promise<ConnectionOwner>
  /** Listeners from `firstPort` to `lastPort` whose owner cannot be read. Absent where the platform cannot tell. */
  unownedListeners?(firstPort: number, lastPort: number): Promise<readonly UnownedListener[]>
  /** Who is connected to each; null: its sockets cannot be read. Absent where the platform cannot tell. */
  networkUse?(processes: readonly ProcessFact[]): Promise<ReadonlyMap<number, NetworkUse | null>>
  /** The pids that the table's processes carry inside other pid namespaces. Absent where there are none. */
  innerPids?(table: ProcessTable): Promise<ReadonlySet<number>>
  /** What the wire of a stdio instance tells; `tree`: the instance, its launchers and descendants. Absent where the platform cannot tell. */
  wire?(process: ProcessFact, tree: readonly ProcessFact[]): Promise<WireFacts>
  /** Cheap, between two rounds: the MCP output that is known has no reader now. False: it has, or that cannot be said. */
  hasLostReader?(process: ProcessFact): boolean
  /** A sentence for the user about what the last list could not read; null: nothing to say. Absent: never anything. */
  notice?(): string | null
}

/** What the command line of an instance says. */
export interface SerenaCommand {
  /** `--project NAME|PATH` as given, else null. */
  project: string | null
  isProjectFromCwd: boolean
  context: string | null
  modes: readonly string[]
  /** `stdio` when not given. */
  transport: string
  /** `--port`, the MCP port of an HTTP transport, never the dashboard's. */
  mcpPort: number | null
  /** False: `--enable-web-dashboard false`; null: not said. */
  isDashboardEnabled: boolean | null
}

/** An instance found among the processes, with the processes around it. */
export interface SerenaProcess {
  /** The deepest match: the instance itself. */
  process: ProcessFact
  command: SerenaCommand
  /** Matching ancestors and launchers that belong to its tree, outermost first. */
  wrappers: readonly ProcessFact[]
  /** All descendants. */
  descendants: readonly ProcessFact[]
  /** The process at the other end of its connection where that is visible, else the first living ancestor that is no launcher. */
  client: ProcessFact | null
  /** The client was seen at the other end of the connection; false or absent: it is only presumed. */
  isClientSeen?: boolean
  /** Only launchers so far (a `uvx` still downloading): the Serena it becomes takes its tab. */
  isLauncherOnly: boolean
  /** The bridge that carries its connection, and the process of that: its own with `isLauncherOnly`, else one above. */
  remote?: { bridge: RemoteBridge; process: ProcessFact } | null
}

/** One entry of a registry file. A hint, never the truth. */
export interface RegistryEntry {
  /** The file it stands in. */
  file: string
  serenaHome: string
  /** `own`: `instances.d/`; `a`, `b`, `c`: the foreign shapes of `instances.json`. */
  shape: 'own' | 'a' | 'b' | 'c'
  pid: number
  port: number | null
  /** Epoch milliseconds. Own entries: start of the process; foreign ones: time of registration. */
  startedAtMs: number | null
  /** Own entries only. */
  identity: ProcessIdentity | null
  /** Own entries: the pid namespace they were written in. */
  pidNamespace: string | null
  projectName: string | null
  projectRoot: string | null
  context: string | null
  modes: readonly string[]
  lastSeenAtMs: number | null
  /** Own entries of instances under `wrap`: the flags it was given. */
  flags?: EntryFlags | null
  /** Own entries that go with their process: `wrap` wrote them. */
  isDerived?: boolean
}

export interface RegistryReading {
  entries: readonly RegistryEntry[]
  /** What could not be read, in words, with the file's path. */
  problems: readonly { file: string; text: string }[]
}

/** What is published of an instance in `instances.json`. */
export interface PublishedInstance {
  pid: number
  port: number
  startedAtMs: number
  projectName: string | null
  projectRoot: string | null
  context: string | null
  modes: readonly string[]
  state: State
}

/** One attempt to get an answer from a dashboard. Times are monotonic milliseconds. */
export interface ProbeOutcome {
  atMs: number
  tookMs: number
  /**
   * `answered`: any well-formed answer; `silent`: connected or not, nothing within the deadline; `refused`: connection refused or
   * reset; `unasked`: we could not ask (out of descriptors, no right to connect, no such address), which says nothing of it.
   */
  result: 'answered' | 'silent' | 'refused' | 'unasked'
}

/** What a short probe of a verified dashboard tells. */
export interface DashboardLook {
  /** Null: no project; undefined: this Serena cannot say (0.1.x). */
  activeProject: string | null | undefined
  /** Index of the newest log line, -1 none. */
  logIndex: number | null
}

/** The dashboard of an instance as far as it is known; null parts: not known. */
export interface DashboardKnowledge {
  /** The socket that is, or should be, the dashboard's. */
  listener: Listener
  /** `answered`: it answered as Serena before; `log`: the instance's own log names the port. */
  provenBy: 'answered' | 'log'
  hasAnswered: boolean
  look: DashboardLook | null
  overview: Overview | null
  /** The newest attempts, oldest first, bounded. */
  probes: readonly ProbeOutcome[]
  /** Absent: it accepts 127.0.0.1, or has not been asked. */
  hostRefusal?: HostRefusal
}

/** Something that was seen at several sweeps without a break. */
export interface Sighting {
  /** Monotonic time of the first of them. */
  sinceMs: number
  /** Sweeps that saw it. */
  looks: number
  /** Milliseconds from the first of them to the last. */
  spanMs: number
}

/** What is remembered of an instance's client, and what its connection says now. */
export interface ClientFacts {
  wire: WireFacts
  /** Its MCP output is seen without a reader; null: it is not. */
  closed: Sighting | null
  /** Its input is seen without a writer while its output has a reader; null: it is not. */
  inputClosed: Sighting | null
  /** The client that was seen at the other end has exited; null: it has not, or no client was seen. */
  gone: Sighting | null
  /** The process of the chain at first sight that has exited, the client before launchers; null: none has. */
  lost: { pid: number; name: string; isClient: boolean } | null
}

/** What a Serena that is gone left behind: language servers and viewers that were seen below it while it lived. */
export interface LeftTreeFacts {
  /** Stable for as long as anything of it lives. */
  id: string
  serenaPid: number
  /** What it had open when it was seen last. */
  project: Project | null
  /** Those that live, oldest first; never empty. */
  living: readonly ProcessFact[]
  /** A person's word for the first of them: `typescript-language-server`. */
  name: string
  /** Monotonic: since when its Serena is seen to be gone. */
  goneAtMs: number
}

/** What was last known of an instance while its process lived. */
export interface SeenFacts {
  project: Project | null
  isProjectKnownAbsent: boolean
  port: number | null
  owner: Instance['owner']
}

/** Everything one verdict is given from. */
export interface InstanceFacts {
  serena: SerenaProcess | null
  details: ProcessDetails | null
  entries: readonly RegistryEntry[]
  /** What became of the process that a registry entry names; null with a live Serena. */
  entryFate: EntryFate | null
  /** Of an entry whose process lived when we looked before; null: it never did. */
  seen?: SeenFacts | null
  /** Null: not readable. */
  listeners: readonly Listener[] | null
  dashboard: DashboardKnowledge | null
  /** Milliseconds since the process began; null without one. */
  ageMs: number | null
  /** Wall time of the facts, for words such as "gone for 3 h". */
  nowMs: number
  /** Monotonic time of the facts: probes carry this clock. */
  monotonicMs: number
  ownUid: number | null
  /** The project that arguments or folder name, for when no dashboard has said. */
  projectByCommand: Project | null
  /** Null: not a stdio instance, or not looked at yet. */
  client?: ClientFacts | null
  /** What a gone Serena left behind is an instance of its own; null: this is none. */
  leftTree?: LeftTreeFacts | null
  /** A tool is running, and not for longer than five minutes; null: not known. */
  isExecuting?: boolean | null
  /** The bridge that its connection goes or went through; `isGone`: that has ended. Null: none is known. */
  remote?: { bridge: RemoteBridge; pid: number; isGone: boolean } | null
  /** It told us that it is there (Serena's own push). */
  hasRegisteredItself?: boolean
}

/** What a registry entry's pid is now. */
export type EntryFate =
  | { kind: 'gone' }
  | { kind: 'defunct' }
  | { kind: 'reused'; by: string }
  | { kind: 'unjudgeable'; why: string }

/** A state with its reasons. */
export interface Judgement {
  state: State
  flags: Flag[]
  verdict: Verdict
}
