// The end of a wrapped Serena: with its client, or when it is told (features/supervisor/client-guard.ts).
import { setTimeout as sleep } from 'node:timers/promises'
import type { ProcessFact, ProcessTable } from './facts.ts'
import { type ClientChain, clientAbove } from './features/supervisor/client-above.ts'
import { createClientGuard, type Watched } from './features/supervisor/client-guard.ts'
import { isRunner, parseSerenaCommand } from './features/sweep/command-line.ts'
import { isReaper } from './features/sweep/serena-processes.ts'
import { type Crowd, createCrowd, forceAll } from './lib/crowd.ts'
import { barOf, isBelow, ownChain, type Tree, treeOfRoots } from './lib/process-tree.ts'
import { sharesConnection } from './os/linux/shared-connection.ts'
import { stateFolder } from './os/paths.ts'
import type { ProcessEnder } from './os/process-ender.ts'
import { watchProcess } from './os/watched-process.ts'

const TICK_MS = 500
/** While it ends, so that nobody of the tree is lost who loses his parent. */
const RELIST_MS = 250

export interface EndingDeps {
  ender: ProcessEnder
  /** Who stood above us when we began. */
  parentPid: number
  startedPid(): number | null
  lastHeardAtMs(): number
  closeInput(): void
  onFault(error: unknown): void
}

export interface ClientEnding {
  readonly chain: ClientChain | null
  /** Ends it though the client lives. */
  end(): void
  /** It is being ended; resolves when nothing of the tree is left. Never, as long as it is not. */
  readonly over: Promise<void>
  isEnding(): boolean
}

const isLauncher = ({ argv }: ProcessFact): boolean =>
  argv !== null && (isRunner(argv) || parseSerenaCommand(argv)?.role === 'launcher')

const GONE: Watched = { isGone: () => true }
const CLOCK = { now: () => performance.now(), sleep: (ms: number) => sleep(ms) }

/** Watches the client from now on. */
export async function watchClient(deps: EndingDeps): Promise<ClientEnding> {
  const table = await deps.ender.list()
  const passesOn = launchersByConnection(table)
  const chain = clientAbove(
    process.pid,
    table,
    (fact) => passesOn.has(fact.pid) || isLauncher(fact),
    isReaper,
  )
  // Between our start and this look our parent may have gone.
  const isParentLost = table.isComplete && table.byPid.get(process.pid)?.ppid !== deps.parentPid
  const launchers = chain?.launchers.map((fact) => watchProcess(fact)) ?? []
  let crowd: Crowd | null = null
  let finish = (): void => undefined
  const over = new Promise<void>((resolve) => {
    finish = resolve
  })

  async function startEnding(): Promise<void> {
    crowd = await crowdBelow(deps)
    while ((await crowd.refresh()).length > 0) await sleep(RELIST_MS)
    finish()
  }

  async function terminate(): Promise<void> {
    const pid = deps.startedPid()
    for (const fact of crowd?.living() ?? [])
      if (fact.pgid === pid || fact.pid === pid) await crowd?.hold(fact).signal('SIGTERM')
  }

  const guard = createClientGuard({
    client: chain && watchProcess(chain.client),
    launchers: isParentLost ? [...launchers, GONE] : launchers,
    hasReader: createReaderCheck(deps.onFault),
    now: CLOCK.now,
    lastHeardAtMs: deps.lastHeardAtMs,
    closeInput() {
      deps.closeInput()
      startEnding().catch(deps.onFault)
    },
    terminate: () => void terminate().catch(deps.onFault),
    force: () => void (crowd && force(crowd, deps.startedPid()).catch(deps.onFault)),
  })
  setInterval(guard.tick, TICK_MS).unref()
  return { chain, end: guard.end, over, isEnding: guard.isEnding }
}

/** All ancestors up to the topmost that has the very same connection as we have. */
function launchersByConnection({ byPid }: ProcessTable): ReadonlySet<number> {
  const above: number[] = []
  for (let at = byPid.get(process.ppid); at && at.pid > 1 && !above.includes(at.pid); at = byPid.get(at.ppid))
    above.push(at.pid)
  return process.platform === 'linux'
    ? new Set(above.slice(0, above.findLastIndex(sharesConnection) + 1))
    : new Set()
}

/** The proof is loaded once there is a reason to look for it; until it is there, a reader is assumed. */
function createReaderCheck(onFault: (error: unknown) => void): () => boolean | null {
  if (process.platform !== 'linux') return () => null
  let check: (() => boolean) | null = null
  let isLoading = false
  return () => {
    if (!isLoading) {
      isLoading = true
      import('./os/linux/own-output.ts')
        .then(({ createOwnOutputCheck }) => createOwnOutputCheck())
        .then((made) => {
          check = made
        })
        .catch(onFault)
    }
    return check?.() ?? true
  }
}

/** Loaded only now: what is stopped is written down first, should we be killed before its end. */
async function force(crowd: Crowd, pid: number | null): Promise<void> {
  const { createEndingJournals } = await import('./os/ending-journal.ts')
  const target = crowd.living().find((fact) => fact.pid === pid)
  const journal = createEndingJournals(stateFolder(process.env, process.platform)).open({
    plan: `wrap-${pid ?? 0}`,
    title: 'a wrapped Serena',
    target: target ? { pid: target.pid, identity: target.identity } : null,
    includesPersons: false,
  })
  await forceAll(crowd, CLOCK, journal)
}

/** What was started, and what of it is Serena's: the person's own programs below it are left running. */
async function crowdBelow({ ender, startedPid }: EndingDeps): Promise<Crowd> {
  const limits = { ownPid: process.pid, ownUid: process.getuid?.() ?? null }
  const pid = startedPid()
  const table = await ender.list()
  const root = pid === null ? undefined : table.byPid.get(pid)
  const isBarred = (table: ProcessTable): ((fact: ProcessFact) => boolean) => {
    const chain = ownChain(table, process.pid)
    return (fact) => barOf(fact, limits, chain) !== null
  }
  return createCrowd(
    { tree: root ? treeOfWrapped(root, table) : treeOfRoots([]), members: root ? [root] : [], told: [] },
    {
      hold: ender.hold,
      clock: CLOCK,
      reason: `plan wrap-${pid ?? 0}`,
      ownUid: limits.ownUid,
      async look() {
        const table = await ender.list()
        return { table, isBarred: isBarred(table) }
      },
    },
  )
}

const isSerena = ({ argv }: ProcessFact): boolean =>
  argv !== null &&
  (parseSerenaCommand(argv)?.role ??
    (argv.includes('start-mcp-server') && !isRunner(argv) ? 'serena' : null)) === 'serena'

/** Above the Serena stand its launchers; where none of them looks like a Serena, what was started is taken for it. */
function treeOfWrapped(root: ProcessFact, table: ProcessTable): Tree {
  const hasSerenaBelow = [...table.byPid.values()].some(
    (fact) => fact.pid !== root.pid && isSerena(fact) && isBelow(fact.pid, root.pid, table),
  )
  const isLaunching = !isSerena(root) && hasSerenaBelow
  return { ...treeOfRoots([root], isLaunching ? 'launcher' : 'serena'), isSerena }
}
