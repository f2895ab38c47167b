// What the sweep knows: plain data, no behaviour. Everything that judges, draws or prints is computed from these.
import type { Overview } from '#contract/details'
import type { Flag, FlagNote, Instance, Project, State, Verdict } from '#contract/instance'
import type { EntryFlags } from '#contract/registry'

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
  /** Another pid namespace than ours; null: cannot be proven. */
  isForeignNamespace: boolean | null
  /** Files it holds open under a folder named `logs`, absolute paths. */
  openLogFiles: readonly string[] | null
  /** The number of its terminal as `tty` prints it, 3 of `/dev/pts/3`. Null: it has none; absent: the platform does not tell. */
  terminal?: number | null
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
}

/** A listener on one of the dashboards' ports that no process we can read owns: another user's, a container's, WSL's. */
export interface UnownedListener extends Listener {
  uid: number
}

/** Which sockets a process listens on; null: its descriptors cannot be read. */
export type ListenersOf = ReadonlyMap<number, readonly Listener[] | null>

/** What the MCP wire of a stdio instance tells of its client's end. */
export interface WireFacts {
  /**
   * `closed`: the peer of its stdin or of its stdout has no holder any more; `not-applicable`: it has no wire that could be
   * judged (a terminal, a file); `unknown`: something could not be read, which is never taken for closed.
   */
  clientEnd: 'open' | 'closed' | 'unknown' | 'not-applicable'
  /** Plain sentences. */
  evidence: readonly string[]
  /** An ancestor was seen to hold the other end: pipes only, a socket does not tell by whom it is held. */
  isHeldByAncestor?: boolean
}

/** Facts about the machine's processes and sockets; one per platform, in `os/`. */
export interface ProcessSource {
  /** The uid we run as; null on Windows. */
  readonly ownUid: number | null
  /** Names our pid namespace; null where the platform has none. */
  readonly pidNamespace: string | null
  list(): Promise<ProcessTable>
  glance(watched: ReadonlySet<number>): Promise<Glance>
  details(process: ProcessFact, variables: readonly string[]): Promise<ProcessDetails>
  /** Memory of one process: PSS where readable, else RSS; null: it is gone or unreadable. */
  memory(process: ProcessFact): Promise<MemoryReading | null>
  listeners(processes: readonly ProcessFact[]): Promise<ListenersOf>
  /** Listeners from `firstPort` to `lastPort` whose owner cannot be read. Absent where the platform cannot tell. */
  unownedListeners?(firstPort: number, lastPort: number): Promise<readonly UnownedListener[]>
  /** The pids that the table's processes carry inside other pid namespaces. Absent where there are none. */
  innerPids?(table: ProcessTable): Promise<ReadonlySet<number>>
  /** What the wire of a stdio instance tells; `tree`: the instance, its launchers and descendants. Absent where the platform cannot tell. */
  wire?(process: ProcessFact, tree: readonly ProcessFact[]): Promise<WireFacts>
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
  /** First living ancestor that is no launcher. */
  client: ProcessFact | null
  /** Only launchers so far (a `uvx` still downloading): the Serena it becomes takes its tab. */
  isLauncherOnly: boolean
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
  /** `answered`: any well-formed answer; `silent`: connected or not, nothing within the deadline; `refused`: connection refused or reset. */
  result: 'answered' | 'silent' | 'refused'
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

/** What is remembered of an instance's client, and what its wire tells now. */
export interface ClientFacts {
  wire: WireFacts
  /** Its end of the wire was seen open once. */
  wasOpen: boolean
  /** Its end of the wire is seen closed; null: it is not. */
  closed: Sighting | null
  /** Its client is gone: the chain has no live client, or somebody of the chain at first sight has ended. Null: it is not. */
  gone: Sighting | null
  /** Both at once; null: they are not. */
  both: Sighting | null
  /** Who of the chain at first sight has ended, the client before launchers; null: nobody, or it was gone before we looked. */
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

/** Who started an instance, for comparisons. */
export interface ClientMark {
  /** The client's identity; of what only wraps one instance its parent's. */
  key: ProcessIdentity
  /** The app that an agent runs in, such as an editor's extension host; null: none is known. */
  hostKey: ProcessIdentity | null
  /** It is known as an MCP client; else it is a shell or a script. */
  isKnown: boolean
  /** `Claude Desktop`, `VS Code`, `bash`. */
  program: string
  /** `Claude Code in ~/shop, terminal 3`. */
  words: string
}

/** One instance of a round, as it is compared with the others. Times are epoch milliseconds. */
export interface GroupMember {
  id: string
  title: string
  state: State
  isStdio: boolean
  startedAtMs: number
  /** A real path; null: no project is active, or its folder is not known. */
  projectRoot: string | null
  /** As Serena calls them: `typescript`, `java`. */
  languageServers: readonly string[]
  /** Null: nobody is known to be. */
  client: ClientMark | null
  /** Its command line, of the outermost launcher where there are any, as one text. */
  commandKey: string
  /** What its arguments ask for (project, context, …), as one text: the same however it is started. */
  argumentsKey: string
  lastActivityAtMs: number | null
  cpuPercent: number | null
  serenaVersion: string | null
  /** The newer one that its dashboard tells of. */
  newerSerenaVersion: string | null
  /** The execution that runs, and since when at the latest; null: none, or not known. */
  running: { name: string; sinceMs: number } | null
}

/** A start that was seen, whether it still runs or not. */
export interface Spawn {
  identity: ProcessIdentity
  clientKey: ProcessIdentity
  argumentsKey: string
  startedAtMs: number
}

/** What the instances of a round say of each other, by id; those nothing is said of are left out. */
export type GroupNotes = ReadonlyMap<string, readonly FlagNote[]>
