// Ends one instance as planned. Its process group is never signaled: it belongs to the client.
import type { HeldProcess, ProcessEnder } from '../os/held-process.ts'
import type { ProcessTable } from '../os/process-facts.ts'
import type { RegistryEntry } from '../registry/registry-entry.ts'
import type { Limits } from '../serena/process-tree.ts'
import type { SerenaProcess } from '../serena/serena-process.ts'
import type { EndingJournals } from './ending-journal.ts'
import { climbLadder, type Ladder } from './ladder.ts'
import { emptyOutcome, type Outcome, type ReportStep, refuse } from './outcome.ts'
import { type EndingAction, isProtectedFrom, type PlannedEnding } from './plan.ts'
import { askRung, haveExited, terminateRung } from './rungs.ts'
import type { StopJournal } from './stop-journal.ts'
import { type Clock, createTrackedTree, type TrackedTree } from './tracked-tree.ts'
import { type Mode, verifyEnding } from './verify.ts'

/** `stop` has nothing else to try. */
const TERMINATED_MS: Record<Mode, number> = { kill: 3_000, stop: 10_000 }

export interface Snapshot {
  table: ProcessTable
  serenas: readonly SerenaProcess[]
}

export interface ActDeps {
  hold: ProcessEnder['hold']
  /** A list begun after the call. */
  snapshot(): Promise<Snapshot>
  limits: Limits
  clock: Clock
  journals: Pick<EndingJournals, 'open'>
  /** Requests a shutdown through its dashboard after the port is proven to be its own; throws AppError otherwise. */
  ask(id: string): Promise<void>
  /** Removes the entry. Returns why it is kept; null: it is removed. */
  removeEntry(entry: RegistryEntry): Promise<string | null>
  report: ReportStep
}

type ProcessAction = Extract<EndingAction, { kind: 'processes' }>

/** Ends one instance as planned. Never throws because of the behavior of a process. */
export async function carryOut(planned: PlannedEnding, mode: Mode, deps: ActDeps): Promise<Outcome> {
  const { item, action } = planned
  if (action === null) return refuse(item.id, item.refusal ?? 'It cannot be ended.', deps.report)
  if (action.kind === 'processes') return endProcesses(planned, action, mode, deps)
  const why = await deps.removeEntry(action.entry)
  if (why !== null) return refuse(item.id, why, deps.report)
  deps.report(item.id, 'ended', 'Its registry entry was removed.')
  const { id, title } = item
  return { ...emptyOutcome(), ended: [{ id, title, how: 'entry-removed', processes: 0, freedBytes: 0 }] }
}

async function endProcesses(
  planned: PlannedEnding,
  action: ProcessAction,
  mode: Mode,
  deps: ActDeps,
): Promise<Outcome> {
  const { id } = planned.item
  const { hold, snapshot, limits, clock } = deps
  const tracked = createTrackedTree(action, {
    hold,
    clock,
    reason: `plan ${id}`,
    ownUid: limits.ownUid,
    async scan(tree) {
      const { table, serenas } = await snapshot()
      return { table, isProtected: isProtectedFrom(tree, { table, serenas, limits }) }
    },
  })
  try {
    const { way, killed } = await climbLadder(tracked, clock, ladderOf(planned, action, mode, tracked, deps))
    if (way === 'before' && killed.size === 0 && tracked.living().length === 0)
      return refuse(id, 'It has already exited.', deps.report)
    const how = way === 'before' ? 'terminate' : (way ?? 'force')
    const meant = new Set([...action.members.map(({ identity }) => identity), ...killed])
    return await verifyEnding(planned, tracked, { how, meant, mode }, deps.report)
  } finally {
    tracked.release()
  }
}

function ladderOf(
  planned: PlannedEnding,
  action: ProcessAction,
  mode: Mode,
  { targets }: Pick<TrackedTree, 'targets'>,
  { ask, report, journals }: ActDeps,
): Ladder {
  const { id } = planned.item
  const terminate = terminateRung(
    () => targets,
    TERMINATED_MS[mode],
    () => report(id, 'terminated', `Sent SIGTERM to ${namesOf(targets)}.`),
  )
  const askFirst = askRung(() => {
    report(id, 'asked', 'Requested a graceful shutdown.')
    return ask(id)
  })
  return {
    rungs: action.isAsked ? [askFirst, terminate] : [terminate],
    isOver: () => haveExited(targets),
    force:
      mode === 'stop'
        ? null
        : (isStubborn) => {
            if (isStubborn)
              report(id, 'forced', 'It did not exit in time: killing its process tree (SIGKILL).')
            return journalOf(planned, action, journals)
          },
  }
}

function journalOf(
  { item: { id, title } }: PlannedEnding,
  { targets, tree }: ProcessAction,
  journals: ActDeps['journals'],
): StopJournal {
  const target = tree.serena === null ? undefined : targets.find(({ identity }) => identity === tree.serena)
  return journals.open({
    plan: id,
    title,
    target: target ? { pid: target.pid, identity: target.identity } : null,
    includesPersons: tree.includesPersons ?? false,
  })
}

const namesOf = ([first, ...others]: readonly HeldProcess[]): string =>
  others.length === 0 ? `process ${first?.fact.pid}` : `${others.length + 1} processes`
