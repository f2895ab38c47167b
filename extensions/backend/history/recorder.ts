// Changes of the instance list and receipts -> records of the history. Pure but for what it remembers of each instance.
import type { Receipt } from '#contract/ending'
import type { InstanceChanges } from '#contract/events'
import type { HistoryActor, HistoryEvent, HistoryRecord } from '#contract/history'
import type { Instance } from '#contract/instance'
import { isSleeperId } from '../instances/hub-instances.ts'
import { recordOf } from './history-record.ts'
import { missedExit, type OpenRecord } from './open-records.ts'

export interface Recorder {
  /** Takes the first list of this run; `open`: what earlier runs left open continues, or has exited meanwhile. */
  begin(instances: readonly Instance[], open: ReadonlyMap<string, OpenRecord>): HistoryRecord[]
  apply(changes: Pick<InstanceChanges, 'changed' | 'removed' | 'handovers'>): HistoryRecord[]
  /** From here on an exit of these instances is the result of an action, until `finishEnding`. */
  beginEnding(instances: readonly Instance[]): void
  finishEnding(instances: readonly Instance[], receipt: Receipt, by: HistoryActor): HistoryRecord[]
}

interface Known {
  isRed: boolean
  projectName: string | null
  instance: Instance
  /** Its end is already recorded, or needs no record. */
  isOver: boolean
  /** Only its launcher runs: its start is recorded under the process that the launcher starts. */
  isPending: boolean
}

interface RecorderState {
  known: Map<string, Known>
  /** Instances that are being ended; the value: it has left the list. */
  ending: Map<string, boolean>
  nowMs: () => number
  isLauncher: (instanceId: string) => boolean
}

/**
 * Creates a recorder without any knowledge; `nowMs` is wall time. `isLauncher`: only a launcher of that instance runs (`uvx` during a
 * download, `wrap`); its Serena will be another process.
 */
export function createRecorder(
  nowMs: () => number,
  isLauncher: (instanceId: string) => boolean = () => false,
): Recorder {
  const state: RecorderState = { known: new Map(), ending: new Map(), nowMs, isLauncher }
  return {
    begin(instances, open) {
      const present = new Set(instances.map(({ id }) => id))
      const missed = [...open].filter(([id]) => !present.has(id)).map(([, one]) => missedExit(one, nowMs()))
      return [
        ...missed,
        ...instances.flatMap((one) => recordSeen(state, one, continued(one, open.get(one.id)))),
      ]
    },
    apply({ changed, removed, handovers }) {
      for (const { from, to } of handovers) handOver(state, from, to)
      return [
        ...removed.flatMap((id) => recordRemoved(state, id)),
        ...changed.flatMap((instance) => recordSeen(state, instance, state.known.get(instance.id))),
      ]
    },
    beginEnding(instances) {
      for (const { id } of instances) state.ending.set(id, false)
    },
    finishEnding: (instances, receipt, by) =>
      instances.flatMap((instance) => recordResult(state, instance, receipt, by)),
  }
}

const record = (
  { nowMs }: RecorderState,
  event: HistoryEvent,
  instance: Instance,
  more: Partial<HistoryRecord> = {},
): HistoryRecord => recordOf(event, instance, nowMs(), more)

/** Its state in an earlier run. */
const continued = (instance: Instance, open: OpenRecord | undefined): Known | undefined =>
  open && {
    isRed: open.isRed,
    projectName: open.record.project?.name ?? null,
    instance,
    isOver: false,
    isPending: false,
  }

/** That the hub ended and started an instance is recorded by the hub's own events: the new process has a start of its own. */
function handOver(state: RecorderState, from: string, to: string): void {
  if (isSleeperId(from) || isSleeperId(to)) state.known.delete(from)
  else moveKnown(state, from, to)
}

function moveKnown({ known }: RecorderState, from: string, to: string): void {
  const before = known.get(from)
  known.delete(from)
  if (before) known.set(to, before)
}

function recordSeen(state: RecorderState, instance: Instance, before: Known | undefined): HistoryRecord[] {
  const { id, project } = instance
  const isRed = instance.colour === 'red' || (before?.isRed === true && isStillSilent(instance))
  const projectName = project?.name ?? before?.projectName ?? null
  const isOver = before?.isOver ?? false
  const isNew = !before || before.isPending
  const isPending = isNew && !isRed && hasBegun(instance) && state.isLauncher(id)
  state.known.set(id, { isRed, projectName, instance, isOver, isPending })
  if (isOver || isPending) return []
  const records: HistoryRecord[] = []
  if (isNew && hasBegun(instance)) records.push(record(state, 'started', instance, { why: [] }))
  else if (before && projectName !== before.projectName)
    records.push(record(state, 'project', instance, { why: [] }))
  if (isRed && !before?.isRed) records.push(record(state, 'turned-red', instance))
  if (!isRed && before?.isRed) records.push(record(state, 'recovered', instance))
  return records
}

/** After a pause of this process an instance that hangs is judged from the beginning: it has not recovered before it answers. */
const isStillSilent = ({ flags }: Instance): boolean => flags.includes('slow')

function recordRemoved(state: RecorderState, id: string): HistoryRecord[] {
  const before = state.known.get(id)
  state.known.delete(id)
  if (state.ending.has(id)) {
    state.ending.set(id, true)
    return []
  }
  if (!before || before.isOver || !needsEnd(before)) return []
  const { instance, isPending } = before
  const exit = exitRecord(state, instance)
  return isPending ? [record(state, 'started', instance, { why: [] }), exit] : [exit]
}

function recordResult(
  state: RecorderState,
  instance: Instance,
  receipt: Receipt,
  by: HistoryActor,
): HistoryRecord[] {
  const { id } = instance
  const hasLeft = state.ending.get(id) ?? false
  state.ending.delete(id)
  const ended = receipt.ended.find((one) => one.id === id)
  if (ended) {
    const { how, processes, freedBytes, launch } = ended
    const before = state.known.get(id)
    if (before) before.isOver = true
    return [record(state, 'ended', instance, { by, how, processes, freedBytes, launch })]
  }
  if (hasLeft) return [exitRecord(state, instance)]
  if (receipt.refused.some((one) => one.id === id)) return []
  const why = receipt.survivors.map(({ pid, why: reason }) => `Process ${pid}: ${reason}`)
  return [record(state, 'survived', instance, { by, why })]
}

const exitRecord = (state: RecorderState, instance: Instance): HistoryRecord =>
  record(state, 'gone', instance, { why: [exitText(instance)] })

function exitText({ state }: Instance): string {
  if (state === 'dead') return 'Its entry is no longer in the registry.'
  return state === 'leftover' ? 'Its last process has exited.' : 'Its process has exited.'
}

/** A process of a Serena: neither a leftover nor a port whose process cannot be read. */
const hasBegun = ({ sources, state }: Instance): boolean =>
  sources.includes('process') && state !== 'leftover'

/** An instance without a first record gets no last one. */
const needsEnd = ({ instance, isRed }: Known): boolean => hasBegun(instance) || isRed
