// Everything one verdict is computed from, and the verdict: plain data.

import type { Flag, Instance, Project, State, Verdict } from '#contract/instance'
import type { ClientFacts } from '../clients/client-facts.ts'
import type { DashboardKnowledge } from '../dashboards/dashboard-facts.ts'
import type { Listener, ProcessDetails, ProcessFact } from '../os/process-facts.ts'
import type { EntryStatus, RegistryEntry } from '../registry/registry-entry.ts'
import type { RemoteConnection } from '../serena/remote-facts.ts'
import type { SerenaProcess } from '../serena/serena-process.ts'

/** Language servers and viewers of a Serena that has exited. */
export interface LeftTreeFacts {
  /** Stable while any process of the tree is running. */
  id: string
  serenaPid: number
  /** The project that the Serena last had open. */
  project: Project | null
  /** Its running processes, oldest first; never empty. */
  running: readonly ProcessFact[]
  /** The display name of the first process: `typescript-language-server`. */
  name: string
  /** Monotonic: when its Serena was first seen to have exited. */
  exitedAtMs: number
}

/** What was last known about an instance while its process was running. */
export interface SeenFacts {
  project: Project | null
  isProjectKnownAbsent: boolean
  port: number | null
  owner: Instance['owner']
}

/** Everything one verdict is computed from. */
export interface InstanceFacts {
  serena: SerenaProcess | null
  details: ProcessDetails | null
  entries: readonly RegistryEntry[]
  /** The status of the process that a registry entry names; null with a running Serena. */
  entryStatus: EntryStatus | null
  /** Of an entry whose process was running at an earlier scan; null: it never was. */
  seen?: SeenFacts | null
  /** Null: not readable. */
  listeners: readonly Listener[] | null
  dashboard: DashboardKnowledge | null
  /** Milliseconds since the process started; null without one. */
  ageMs: number | null
  /** Wall time of the facts, for texts such as "exited 3 h ago". */
  nowMs: number
  /** Monotonic time of the facts: probes carry this clock. */
  monotonicMs: number
  ownUid: number | null
  /** The project that the arguments or the folder name; used while no dashboard reports one. */
  projectByCommand: Project | null
  /** Null: not a stdio instance, or not scanned yet. */
  client?: ClientFacts | null
  /** The processes that an exited Serena left, which are an instance of their own; null: this is not one. */
  leftTree?: LeftTreeFacts | null
  /** A tool has been running for at most five minutes; null: not known. */
  isExecuting?: boolean | null
  /** The bridge of its connection; `hasExited`: the bridge has exited. Null: none is known. */
  remote?: RemoteConnection | null
  /** The hub that runs it: while that hub is running, it is no zombie, whatever its dashboard answers. Null: no hub runs it. */
  hub?: { clients: number } | null
  /** It registered itself by Serena's tray protocol. */
  hasRegisteredItself?: boolean
}

/** A state with its reasons. */
export interface Judgment {
  state: State
  flags: Flag[]
  verdict: Verdict
}
