// The guard of the client behind one process of ours: `wrap` itself, or a `connect` that the hub serves.
import { ancestorsOf } from '../os/ancestors.ts'
import { sharesConnection } from '../os/linux/shared-connection.ts'
import type { ProcessFact, ProcessTable } from '../os/process-facts.ts'
import { isReaper } from '../os/reaper.ts'
import { watchProcess } from '../os/watched-process.ts'
import { isRunner, parseSerenaCommand } from '../serena/command-line.ts'
import { type ClientGuard, createClientGuard, type Watched } from './client-guard.ts'
import { type ClientChain, findClient } from './find-client.ts'

export interface GuardedClient {
  /** The process that the client started. */
  pid: number
  /** Its parent when it started. */
  parentPid: number
  table: ProcessTable
  /** Monotonic milliseconds. */
  lastHeardAtMs(): number
  /** Its client has exited. */
  end(): void
  onFault(error: unknown): void
}

const isLauncher = ({ argv }: ProcessFact): boolean =>
  argv !== null && (isRunner(argv) || parseSerenaCommand(argv)?.role === 'launcher')

const GONE: Watched = { hasExited: () => true }

/** Returns the client, null: no ancestor can exit; and its guard, whose `tick` is called about twice a second. */
export function guardClientOf(of: GuardedClient): {
  chain: ClientChain | null
  guard: ClientGuard
  release(): void
} {
  const { pid, table } = of
  const passesOn = launchersByConnection(pid, table)
  const chain = findClient(pid, table, (fact) => passesOn.has(fact.pid) || isLauncher(fact), isReaper)
  const isParentLost = table.isComplete && hasLostParent(table, of)
  const launchers = chain?.launchers.map((fact) => watchProcess(fact)) ?? []
  const client = chain && watchProcess(chain.client)
  const guard = createClientGuard({
    client,
    launchers: isParentLost ? [...launchers, GONE] : launchers,
    hasReader: createReaderCheck(pid, of.onFault),
    now: () => performance.now(),
    lastHeardAtMs: of.lastHeardAtMs,
    end: of.end,
  })
  return {
    chain,
    guard,
    release() {
      for (const watched of [...launchers, client]) watched?.release()
    },
  }
}

/** Whether the parent has exited before this scan. Windows keeps naming it, also when its pid is given to another process. */
const hasLostParent = ({ byPid }: ProcessTable, { pid, parentPid }: GuardedClient): boolean =>
  byPid.get(pid)?.ppid !== parentPid || (process.platform === 'win32' && !byPid.has(parentPid))

/** Returns all ancestors up to the topmost one that has the same connection. */
function launchersByConnection(pid: number, table: ProcessTable): ReadonlySet<number> {
  if (process.platform !== 'linux') return new Set()
  const above = ancestorsOf(pid, table).flatMap((fact) => (fact.pid > 1 ? [fact.pid] : []))
  return new Set(above.slice(0, above.findLastIndex((one) => sharesConnection(one, pid)) + 1))
}

/** The check is loaded when it is first needed; until then a reader is assumed. */
function createReaderCheck(pid: number, onFault: (error: unknown) => void): () => boolean | null {
  if (process.platform !== 'linux') return () => null
  let check: (() => boolean) | null = null
  let isLoading = false
  return () => {
    if (!isLoading) {
      isLoading = true
      import('../os/linux/output-check.ts')
        .then(({ createOutputCheck }) => createOutputCheck(pid))
        .then((made) => {
          check = made
        })
        .catch(onFault)
    }
    return check?.() ?? true
  }
}
