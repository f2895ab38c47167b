// A Serena among the processes, and what its command line says: plain data.
import type { ProcessFact } from '../os/process-facts.ts'
import type { RemoteBridge } from './remote-facts.ts'

/** The facts in the command line of an instance. */
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
  /** False: `--enable-web-dashboard false`; null: not given. */
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
  /** The process at the other end of its connection where that is visible, else the first running ancestor that is not a launcher. */
  client: ProcessFact | null
  /** The client was seen at the other end of the connection; false or absent: it is only presumed. */
  isClientSeen?: boolean
  /** Its parent, if that adopts orphans; null or absent: another process. */
  reaper?: { pid: number; name: string } | null
  /** Only launchers so far (a `uvx` still downloading): the Serena that it starts takes over its tab. */
  isLauncherOnly: boolean
  /** The bridge that carries its connection, and the process of that: its own with `isLauncherOnly`, else one above. */
  remote?: { bridge: RemoteBridge; process: ProcessFact } | null
}

/** Returns the processes of an instance's tree. */
export const treeOf = ({ process, wrappers, descendants }: SerenaProcess): readonly ProcessFact[] => [
  ...wrappers,
  process,
  ...descendants,
]
