// Makes the records of the history. Pure.
import type { HistoryEvent, HistoryRecord } from '#contract/history'
import type { Instance } from '#contract/instance'
import { HISTORY_LINE_VERSION } from '#contract/versions'

/** The keys of an action, for a record of something that happened without one. */
export const NO_ACTION = { by: null, how: null, processes: null, freedBytes: null, launch: null } as const

/** Longer than any sentence of ours: a hostile name must not fill the file. */
const MAX_TEXT = 500
const MAX_SENTENCES = 8
/** Cuts a foreign text to the maximum length in a line of the file. */
export const cut = (text: string): string => (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text)

/** What a record says about an instance. */
export type Recorded = Pick<Instance, 'id' | 'pid' | 'startedAt' | 'title' | 'project' | 'state'> & {
  owner: HistoryRecord['owner']
  verdict: Pick<Instance['verdict'], 'evidence'>
}

/** Returns the record of an event at that time; foreign names and sentences are cut. */
export function recordOf(
  event: HistoryEvent,
  { id, pid, startedAt, title, project, owner, state, verdict }: Recorded,
  atMs: number,
  more: Partial<HistoryRecord>,
): HistoryRecord {
  return {
    schema: HISTORY_LINE_VERSION,
    at: new Date(atMs).toISOString(),
    event,
    id,
    pid,
    startedAt,
    title: cut(title),
    project: project && { name: cut(project.name), path: project.path && cut(project.path) },
    owner: owner && { name: cut(owner.name), detail: owner.detail && cut(owner.detail) },
    state,
    ...NO_ACTION,
    ...more,
    why: (more.why ?? verdict.evidence).slice(0, MAX_SENTENCES).map(cut),
  }
}

/** A start that was never observed: only its log shows it. */
export interface UnseenStart {
  id: string
  pid: number
  startedAtMs: number
  title: string
  /** Why it ended at its start, in sentences. */
  why: readonly string[]
  /** The error that ended it; null: not known. */
  failure: string | null
}

/** Returns the record of a start that was never observed, as an exit. */
export function unseenRecord(start: UnseenStart, atMs: number): HistoryRecord {
  const { id, pid, startedAtMs, title, why, failure } = start
  const known: Recorded = {
    id,
    pid,
    startedAt: new Date(startedAtMs).toISOString(),
    title,
    project: null,
    owner: null,
    state: 'starting',
    verdict: { evidence: [] },
  }
  return { ...recordOf('gone', known, atMs, { why: [...why] }), failure }
}
