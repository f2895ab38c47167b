// After the ladder: what has exited, what is still running and why, and what was left running.
import type { EndingWay } from '#contract/ending'
import type { HeldProcess } from '../os/held-process.ts'
import type { ProcessFact } from '../os/process-facts.ts'
import type { ProcessIdentity } from '../os/process-identity.ts'
import { emptyOutcome, type Outcome, type ReportStep } from './outcome.ts'
import { namedProcess, type PlannedEnding } from './plan.ts'
import { haveExited } from './rungs.ts'
import type { TrackedTree } from './tracked-tree.ts'

export type Mode = 'kill' | 'stop'

export interface Climb {
  /** How its target exited. */
  how: EndingWay
  /** All processes of the tree that were to end. */
  meant: ReadonlySet<ProcessIdentity>
  mode: Mode
}

/** Verifies by a new list, and reports. */
export async function verifyEnding(
  { item }: PlannedEnding,
  tracked: TrackedTree,
  { how, meant, mode }: Climb,
  report: ReportStep,
): Promise<Outcome> {
  const left = await tracked.refresh()
  const survivors = await survivorsOf(left, tracked, mode)
  for (const { pid, why } of survivors) report(item.id, 'survived', `Process ${pid} is still running: ${why}`)
  const leftRunning = (await runningOf(tracked)).map((fact) => ({ id: item.id, ...namedProcess(fact) }))
  if (!(await haveExited(tracked.targets))) return { ...emptyOutcome(), survivors, leftRunning }
  const leftBytes = left.reduce((sum, { rssBytes }) => sum + (rssBytes ?? 0), 0)
  const freedBytes = Math.max(0, (item.memoryBytes ?? 0) - leftBytes)
  const stillRunning = new Set(left.map(({ identity }) => identity))
  const processes = [...meant].filter((identity) => !stillRunning.has(identity)).length
  report(item.id, 'ended', how === 'force' ? 'It was killed (SIGKILL).' : 'It has exited.')
  const ended = [{ id: item.id, title: item.title, how, processes, freedBytes }]
  return { ...emptyOutcome(), ended, survivors, leftRunning }
}

async function survivorsOf(
  left: readonly ProcessFact[],
  tracked: TrackedTree,
  mode: Mode,
): Promise<Outcome['survivors']> {
  const own = await Promise.all(
    left.map(async (fact) => ({ pid: fact.pid, why: await whyRunning(tracked.hold(fact), mode) })),
  )
  const why = 'It belongs to another user: only that user can end it.'
  return [...own, ...tracked.foreign().map(({ pid }) => ({ pid, why }))]
}

/** The user's own programs that are still running. */
async function runningOf(tracked: TrackedTree): Promise<ProcessFact[]> {
  const running: ProcessFact[] = []
  for (const fact of tracked.leftRunning())
    if ((await tracked.hold(fact).runState()) !== null) running.push(fact)
  return running
}

async function whyRunning(held: HeldProcess, mode: Mode): Promise<string> {
  if (mode === 'stop') return 'It did not exit after SIGTERM, and `stop` never sends SIGKILL.'
  const runState = await held.runState()
  if (runState === 'D')
    return 'It is in an uninterruptible wait (state D, often a disk or network file system) and exits when that wait ends.'
  const outcome = await held.signal('SIGKILL')
  return outcome === 'refused'
    ? 'The system does not permit this user to signal it.'
    : `It was sent SIGKILL and is still running (state ${runState ?? 'unknown'}).`
}
