// What a timeline is made from, and the lanes that it shows.
import type { HistoryRecord } from '#contract/history'
import type { Colour, Instance, State } from '#contract/instance'

export interface TimeWindow {
  /** Epoch milliseconds. */
  fromMs: number
  toMs: number
}

export interface TimelineInput {
  /** As the history has them. */
  records: readonly HistoryRecord[]
  instances: readonly Instance[]
  /** The times at which an instance was active, by its id; each stands for a step. */
  activeAtMs: ReadonlyMap<string, readonly number[]>
  nowMs: number
}

/** One state of an instance over time. */
export interface Segment extends TimeWindow {
  colour: Colour
  /** Null: it was running before it was first seen. */
  state: State | null
}

export const MARK_KINDS = ['start', 'wake', 'sleep', 'exit', 'kill', 'crash', 'survived'] as const
export type MarkKind = (typeof MARK_KINDS)[number]

export interface LaneMark {
  atMs: number
  kind: MarkKind
  record: HistoryRecord
}

export interface Lane {
  /** The id of the instance, the last one if it had several. */
  id: string
  title: string
  isListed: boolean
  segments: readonly Segment[]
  marks: readonly LaneMark[]
  activeAtMs: readonly number[]
}

/** Memory that was returned at once. */
export interface Freed {
  atMs: number
  bytes: number
  title: string
}
