// History and current list -> lanes: one per instance, with its states, marks and calls. Pure.
import type { HistoryRecord } from '#contract/history'
import { type Colour, type Instance, STATE_COLOUR, type State } from '#contract/instance'
import type { Freed, Lane, LaneMark, MarkKind, Segment, TimelineInput, TimeWindow } from './timeline-input.ts'

interface OpenLane {
  ids: Set<string>
  id: string
  title: string
  /** Null: it has ended. */
  open: { fromMs: number; colour: Colour; state: State | null } | null
  segments: Segment[]
  marks: LaneMark[]
  last: HistoryRecord | null
}

/** Returns the lanes that touch the window: listed instances first, oldest first, then the others by their end, latest first. */
export function lanesOf(input: TimelineInput, { fromMs, toMs }: TimeWindow): Lane[] {
  return allLanes(input)
    .map((lane) => clipped(lane, input, { fromMs, toMs }))
    .filter(({ segments, marks }) => segments.length > 0 || marks.length > 0)
    .sort(byOrder)
}

/** Returns what was freed within the window, oldest first. */
export const freedIn = (records: readonly HistoryRecord[], { fromMs, toMs }: TimeWindow): Freed[] =>
  records
    .flatMap(({ at, freedBytes, title }) =>
      freedBytes ? [{ atMs: Date.parse(at), bytes: freedBytes, title }] : [],
    )
    .filter(({ atMs }) => atMs >= fromMs && atMs <= toMs)
    .sort((a, b) => a.atMs - b.atMs)

function allLanes({ records, instances, nowMs }: TimelineInput): OpenLane[] {
  const lanes: OpenLane[] = []
  const byId = new Map<string, OpenLane>()
  const ordered = records
    .map((record) => ({ record, atMs: Date.parse(record.at) }))
    .filter(({ atMs }) => Number.isFinite(atMs))
    // A change of the clock puts lines out of order.
    .sort((a, b) => a.atMs - b.atMs)
  for (const { record, atMs } of ordered) {
    const lane = byId.get(record.id) ?? sleepingLane(lanes, record) ?? newLane(lanes, record.id)
    byId.set(record.id, lane)
    lane.ids.add(record.id)
    lane.id = record.id
    lane.title = record.title
    take(lane, record, atMs)
    lane.last = record
  }
  for (const instance of instances)
    finishListed(byId.get(instance.id) ?? newLane(lanes, instance.id), instance, nowMs)
  const listed = new Set(instances.map(({ id }) => id))
  for (const lane of lanes) if (!listed.has(lane.id)) finishUnknown(lane)
  return lanes
}

function newLane(lanes: OpenLane[], id: string): OpenLane {
  const lane: OpenLane = {
    ids: new Set([id]),
    id,
    title: '',
    open: null,
    segments: [],
    marks: [],
    last: null,
  }
  lanes.push(lane)
  return lane
}

/** The hub starts an instance that is asleep as another process: the same lane continues. */
function sleepingLane(lanes: readonly OpenLane[], record: HistoryRecord): OpenLane | undefined {
  if (record.event !== 'started' && record.event !== 'woke') return undefined
  return lanes.find(
    ({ open, last }) =>
      (open?.state === 'asleep' || last?.event === 'woke') &&
      last?.owner?.name === record.owner?.name &&
      last?.project?.path === record.project?.path,
  )
}

const MARKS: Partial<Record<HistoryRecord['event'], MarkKind>> = {
  slept: 'sleep',
  woke: 'wake',
  ended: 'kill',
  survived: 'survived',
  crashed: 'crash',
  restarted: 'start',
}

function take(lane: OpenLane, record: HistoryRecord, atMs: number): void {
  const { event, state } = record
  if (event === 'joined' || event === 'left') return
  const kind = markOf(record)
  if (kind !== null && !repeatsStart(lane, kind, atMs))
    lane.marks.push({ atMs: event === 'started' ? beginOf(record, atMs) : atMs, kind, record })
  if (lane.last === null || (lane.open === null && event !== 'ended' && event !== 'gone'))
    openBefore(lane, record, atMs)
  switch (event) {
    case 'ended':
    case 'gone':
      return close(lane, atMs)
    case 'slept':
      return change(lane, atMs, 'asleep')
    case 'crashed':
      return change(lane, atMs, 'starting')
    case 'survived':
      return
    case 'started':
    case 'project':
    case 'turned-red':
    case 'recovered':
    case 'woke':
    case 'restarted':
      return change(lane, atMs, state)
  }
}

function markOf(record: HistoryRecord): MarkKind | null {
  if (record.event === 'started') return 'start'
  if (record.event === 'gone') return (record.failure ?? null) === null ? 'exit' : 'crash'
  return MARKS[record.event] ?? null
}

/** `woke` and `started` of one start are one mark. */
const SAME_START_MS = 60_000
const repeatsStart = (lane: OpenLane, kind: MarkKind, atMs: number): boolean => {
  const before = lane.marks.at(-1)
  return kind === 'start' && before?.kind === 'wake' && atMs - before.atMs <= SAME_START_MS
}

/** The time before its first record: it was running, in the state that the record ends, or was not seen yet. */
function openBefore(lane: OpenLane, record: HistoryRecord, atMs: number): void {
  const { event, state } = record
  const fromMs = lane.last === null ? beginOf(record, atMs) : atMs
  const isKnown = event === 'ended' || event === 'gone' || event === 'survived' || event === 'slept'
  lane.open = isKnown
    ? { fromMs, colour: STATE_COLOUR[state], state }
    : { fromMs, colour: 'grey', state: null }
}

/** A time in the future of the record is that of a changed clock. */
function beginOf({ startedAt }: Pick<HistoryRecord, 'startedAt'>, atMs: number): number {
  const startedAtMs = startedAt === null ? Number.NaN : Date.parse(startedAt)
  return startedAtMs <= atMs ? startedAtMs : atMs
}

function change(lane: OpenLane, atMs: number, state: State): void {
  if (lane.open?.state === state) return
  close(lane, atMs)
  lane.open = { fromMs: atMs, colour: STATE_COLOUR[state], state }
}

function close(lane: OpenLane, atMs: number): void {
  if (lane.open && atMs > lane.open.fromMs) lane.segments.push({ ...lane.open, toMs: atMs })
  lane.open = null
}

function finishListed(lane: OpenLane, instance: Instance, nowMs: number): void {
  const { state, title, startedAt } = instance
  lane.title = title
  // Its records are older than the file, or it is only in the list.
  lane.open ??= {
    fromMs: lane.last ? Date.parse(lane.last.at) : beginOf({ startedAt }, nowMs),
    colour: STATE_COLOUR[state],
    state,
  }
  // The history does not record every change of a state.
  lane.open.colour = STATE_COLOUR[state]
  lane.open.state = state
  close(lane, nowMs)
}

/** Its end was not recorded: it is shown up to its last record. */
function finishUnknown(lane: OpenLane): void {
  if (lane.last) close(lane, Date.parse(lane.last.at))
}

function clipped(
  lane: OpenLane,
  { instances, activeAtMs }: TimelineInput,
  { fromMs, toMs }: TimeWindow,
): Lane {
  const isInside = (atMs: number): boolean => atMs >= fromMs && atMs <= toMs
  return {
    id: lane.id,
    title: lane.title,
    isListed: instances.some(({ id }) => id === lane.id),
    segments: lane.segments
      .filter((one) => one.toMs > fromMs && one.fromMs < toMs)
      .map((one) => ({ ...one, fromMs: Math.max(one.fromMs, fromMs), toMs: Math.min(one.toMs, toMs) })),
    marks: lane.marks.filter(({ atMs }) => isInside(atMs)),
    activeAtMs: [...lane.ids].flatMap((id) => activeAtMs.get(id) ?? []).filter(isInside),
  }
}

const beginOfLane = ({ segments, marks }: Lane): number => segments[0]?.fromMs ?? marks[0]?.atMs ?? 0
const endOfLane = ({ segments, marks }: Lane): number => segments.at(-1)?.toMs ?? marks.at(-1)?.atMs ?? 0

function byOrder(a: Lane, b: Lane): number {
  if (a.isListed !== b.isListed) return a.isListed ? -1 : 1
  const difference = a.isListed ? beginOfLane(a) - beginOfLane(b) : endOfLane(b) - endOfLane(a)
  return difference || (a.id < b.id ? -1 : 1)
}
