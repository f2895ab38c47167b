// Ends the tree of a program that this process has started: its input is closed at once, SIGTERM follows after 2 s, force after 4 s.
import { setTimeout as sleep } from 'node:timers/promises'
import { climbLadder, type Ladder } from '../ending/ladder.ts'
import { terminateRung } from '../ending/rungs.ts'
import type { StopJournal } from '../ending/stop-journal.ts'
import { createTrackedTree, RELIST_MS, type TrackedTree } from '../ending/tracked-tree.ts'
import type { HeldProcess, ProcessEnder } from '../os/held-process.ts'
import { stateFolder } from '../os/paths.ts'
import type { ProcessFact, ProcessTable } from '../os/process-facts.ts'
import { isRunner, parseSerenaCommand } from '../serena/command-line.ts'
import { isBelow, ownChain, protectionOf, type Tree, treeOfRoots } from '../serena/process-tree.ts'

/** From the loss of its client on, or from the request. */
const TERMINATE_AFTER_MS = 2_000
const FORCE_AFTER_MS = 4_000
const CLOCK = { now: () => performance.now(), sleep: (ms: number) => sleep(ms) }

export interface TreeEnd {
  ender: ProcessEnder
  /** The started program; null once Node knows that it has exited: from then on its pid may be another process's. */
  startedPid(): number | null
  /** The programs of the user below Serena, which continue to run. */
  reportLeftRunning(programs: readonly ProcessFact[]): Promise<void>
  onFault(error: unknown): void
}

/** Its input is closed: waits for its exit, then SIGTERM, then force. Resolves when nothing of the tree is left. */
export async function endTree(deps: TreeEnd): Promise<void> {
  const pid = deps.startedPid()
  const tracked = await trackTree(deps)
  const isEmpty = async (): Promise<boolean> =>
    (await tracked.isEmpty()) && (await tracked.refresh()).length === 0
  /** Its process group, or it alone. */
  const targets = (): HeldProcess[] =>
    tracked
      .living()
      .filter((fact) => fact.pgid === pid || fact.pid === pid)
      .map(tracked.hold)
  const ladder: Ladder = {
    rungs: [
      { way: 'shutdown', start: () => undefined, waitMs: TERMINATE_AFTER_MS },
      terminateRung(targets, FORCE_AFTER_MS - TERMINATE_AFTER_MS),
    ],
    isOver: isEmpty,
    force: () => openJournal(tracked, pid),
  }
  try {
    await climbLadder(tracked, CLOCK, ladder)
  } catch (error) {
    // After any failure no process of the tree may be left running.
    deps.onFault(error)
    await climbLadder(tracked, CLOCK, { ...ladder, rungs: [] })
  }
  while ((await tracked.refresh()).length > 0) await sleep(RELIST_MS)
  const left = tracked.leftRunning()
  if (left.length > 0) await deps.reportLeftRunning(left).catch(deps.onFault)
}

/** Loads the journal only now: it records the stopped processes first, in case this process is killed before they end. */
async function openJournal(tracked: TrackedTree, pid: number | null): Promise<StopJournal> {
  const { createEndingJournals } = await import('../ending/ending-journal.ts')
  const target = tracked.living().find((fact) => fact.pid === pid)
  return createEndingJournals(stateFolder(process.env, process.platform)).open({
    plan: `wrap-${pid ?? 0}`,
    title: 'a wrapped Serena',
    target: target ? { pid: target.pid, identity: target.identity } : null,
    includesPersons: false,
  })
}

/** Tracks the started program and Serena's own processes below it; the user's programs below it are left running. */
async function trackTree({ ender, startedPid }: TreeEnd): Promise<TrackedTree> {
  const limits = { ownPid: process.pid, ownUid: process.getuid?.() ?? null }
  const table = await ender.list()
  // After the list: a child that has not been reaped by now is the process that was listed under its pid.
  const pid = startedPid()
  const root = pid === null ? undefined : table.byPid.get(pid)
  const isProtected = (table: ProcessTable): ((fact: ProcessFact) => boolean) => {
    const chain = ownChain(table, process.pid)
    return (fact) => protectionOf(fact, limits, chain) !== null
  }
  return createTrackedTree(
    { tree: root ? treeOfWrapped(root, table) : treeOfRoots([]), members: root ? [root] : [], targets: [] },
    {
      hold: ender.hold,
      clock: CLOCK,
      reason: `plan wrap-${pid ?? 0}`,
      ownUid: limits.ownUid,
      async scan() {
        const table = await ender.list()
        return { table, isProtected: isProtected(table) }
      },
    },
  )
}

const isSerena = ({ argv }: ProcessFact): boolean =>
  argv !== null &&
  (parseSerenaCommand(argv)?.role ??
    (argv.includes('start-mcp-server') && !isRunner(argv) ? 'serena' : null)) === 'serena'

/** The launchers are above the Serena; without a recognized Serena the started program counts as the Serena. */
function treeOfWrapped(root: ProcessFact, table: ProcessTable): Tree {
  const hasSerenaBelow = [...table.byPid.values()].some(
    (fact) => fact.pid !== root.pid && isSerena(fact) && isBelow(fact.pid, root.pid, table),
  )
  const isLaunching = !isSerena(root) && hasSerenaBelow
  return { ...treeOfRoots([root], isLaunching ? 'launcher' : 'serena'), isSerena }
}
