// Changes of the instance list and receipts -> records of the history. Pure but for what it remembers of each instance.
import type { Receipt } from '#contract/ending'
import type { InstanceChanges } from '#contract/events'
import type { HistoryActor, HistoryEvent, HistoryRecord } from '#contract/history'
import { type Instance, SCHEMA_VERSION } from '#contract/instance'

/** What the file holds of an instance that had not ended when it was written last. */
export interface OpenRecord {
  isRed: boolean
  record: HistoryRecord
}

export interface Recorder {
  /** The first list of this run: what the runs before left open goes on, or has gone meanwhile. */
  begin(instances: readonly Instance[], open: ReadonlyMap<string, OpenRecord>): HistoryRecord[]
  apply(changes: Pick<InstanceChanges, 'changed' | 'removed' | 'passed'>): HistoryRecord[]
  /** From here on the end of these is somebody's deed. */
  endingBegan(instances: readonly Instance[]): void
  endingOver(instances: readonly Instance[], receipt: Receipt, by: HistoryActor): HistoryRecord[]
}

interface Known {
  isRed: boolean
  projectName: string | null
  instance: Instance
  /** Its end is recorded already, or is nothing to record. */
  isOver: boolean
  /** Only its launcher runs: its start is recorded under the process that the launcher starts. */
  isPending: boolean
}

/**
 * A recorder that knows nothing yet; `nowMs` is wall time. `isLauncher`: of that instance only a launcher runs (`uvx` that still
 * downloads, `wrap`); it will be another process's instance a moment later.
 */
export function createRecorder(
  nowMs: () => number,
  isLauncher: (instanceId: string) => boolean = () => false,
): Recorder {
  const known = new Map<string, Known>()
  /** Being ended; the value: it is gone from the list. */
  const ending = new Map<string, boolean>()

  const record = (
    event: HistoryEvent,
    instance: Instance,
    more: Partial<HistoryRecord> = {},
  ): HistoryRecord => recordOf(event, instance, nowMs(), more)

  function seen(instance: Instance, before: Known | undefined): HistoryRecord[] {
    const { id, project } = instance
    const isRed = instance.colour === 'red'
    const projectName = project?.name ?? before?.projectName ?? null
    const isOver = before?.isOver ?? false
    const isNew = !before || before.isPending
    const isPending = isNew && !isRed && hasBegun(instance) && isLauncher(id)
    known.set(id, { isRed, projectName, instance, isOver, isPending })
    if (isOver || isPending) return []
    const records: HistoryRecord[] = []
    if (isNew && hasBegun(instance)) records.push(record('started', instance, { why: [] }))
    else if (before && projectName !== before.projectName)
      records.push(record('project', instance, { why: [] }))
    if (isRed && !before?.isRed) records.push(record('turned-red', instance))
    if (!isRed && before?.isRed) records.push(record('recovered', instance))
    return records
  }

  function removed(id: string): HistoryRecord[] {
    const before = known.get(id)
    known.delete(id)
    if (ending.has(id)) ending.set(id, true)
    else if (before && !before.isOver && isWorthAnEnd(before)) {
      const { instance, isPending } = before
      return [...(isPending ? [record('started', instance, { why: [] })] : []), gone(instance)]
    }
    return []
  }

  const gone = (instance: Instance): HistoryRecord => record('gone', instance, { why: [howGone(instance)] })

  return {
    begin(instances, open) {
      const stays = new Set(instances.map(({ id }) => id))
      const missed = [...open.values()]
        .filter(({ record: { id } }) => !stays.has(id))
        .map(
          ({ record: last }): HistoryRecord => ({
            ...last,
            ...NOTHING_DONE,
            at: new Date(nowMs()).toISOString(),
            event: 'gone',
            why: ['It ended while Serena Deck did not run.'],
          }),
        )
      const records = instances.flatMap((instance) => {
        const before = open.get(instance.id)
        if (!before) return seen(instance, undefined)
        const projectName = before.record.project?.name ?? null
        const known = { isRed: before.isRed, projectName, instance, isOver: false, isPending: false }
        return seen(instance, known)
      })
      return [...missed, ...records]
    },
    apply({ changed, removed: ids, passed }) {
      for (const { from, to } of passed) {
        const before = known.get(from)
        known.delete(from)
        if (before) known.set(to, before)
      }
      return [
        ...ids.flatMap(removed),
        ...changed.flatMap((instance) => seen(instance, known.get(instance.id))),
      ]
    },
    endingBegan(instances) {
      for (const { id } of instances) ending.set(id, false)
    },
    endingOver(instances, receipt, by) {
      const survivors = receipt.survivors.map(({ pid, why }) => `Process ${pid}: ${why}`)
      return instances.flatMap((instance) => {
        const { id } = instance
        const hasGone = ending.get(id) ?? false
        ending.delete(id)
        const ended = receipt.ended.find((one) => one.id === id)
        if (ended) {
          const { how, processes, freedBytes, launch } = ended
          const before = known.get(id)
          if (before) before.isOver = true
          return [record('ended', instance, { by, how, processes, freedBytes, launch })]
        }
        if (hasGone) return [gone(instance)]
        const isRefused = receipt.refused.some((one) => one.id === id)
        return isRefused ? [] : [record('survived', instance, { by, why: survivors })]
      })
    },
  }
}

const NOTHING_DONE = { by: null, how: null, processes: null, freedBytes: null, launch: null } as const

/** Longer than any sentence of ours; a hostile name must not fill the file. */
const MAX_TEXT = 500
const MAX_SENTENCES = 8
/** A text of others as long as a line of the file can bear. */
export const cut = (text: string): string => (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text)

/** What a record tells of an instance. */
export type Recorded = Pick<Instance, 'id' | 'pid' | 'startedAt' | 'title' | 'project' | 'state'> & {
  owner: HistoryRecord['owner']
  verdict: Pick<Instance['verdict'], 'evidence'>
}

/** A record of now; names and sentences of others are cut to what a line can bear. */
export function recordOf(
  event: HistoryEvent,
  { id, pid, startedAt, title, project, owner, state, verdict }: Recorded,
  atMs: number,
  more: Partial<HistoryRecord>,
): HistoryRecord {
  return {
    schema: SCHEMA_VERSION,
    at: new Date(atMs).toISOString(),
    event,
    id,
    pid,
    startedAt,
    title: cut(title),
    project: project && { name: cut(project.name), path: project.path && cut(project.path) },
    owner: owner && { name: cut(owner.name), detail: owner.detail && cut(owner.detail) },
    state,
    ...NOTHING_DONE,
    ...more,
    why: (more.why ?? verdict.evidence).slice(0, MAX_SENTENCES).map(cut),
  }
}

/** A process of a Serena, not what is left of one nor a port whose process cannot be read. */
const hasBegun = ({ sources, state }: Instance): boolean =>
  sources.includes('process') && state !== 'leftover'

/** What was never told of has no end either. */
const isWorthAnEnd = ({ instance, isRed }: Known): boolean => hasBegun(instance) || isRed

function howGone({ state }: Instance): string {
  if (state === 'dead') return 'Its entry is no longer in the registry.'
  return state === 'leftover' ? 'The last of its processes has ended.' : 'Its process has ended.'
}

/** What the records leave open: started or red, and not ended since. */
export function openOf(records: readonly HistoryRecord[]): Map<string, OpenRecord> {
  const open = new Map<string, OpenRecord>()
  for (const record of records) {
    const { event, id } = record
    if (event === 'ended' || event === 'gone') open.delete(id)
    else {
      const wasRed = open.get(id)?.isRed ?? false
      open.set(id, { isRed: event === 'turned-red' || (wasRed && event !== 'recovered'), record })
    }
  }
  return open
}
