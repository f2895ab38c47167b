// Serenas that exit soon after their start: the reason from their logs for the history, and a notice while starts keep failing.
import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import type { Instance, Notice, Project } from '#contract/instance'
import { countOf, formatSpan } from '#contract/units'
import { visibleLine } from '#contract/visible-text'
import { clockTime } from '../lib/clock-time.ts'
import { lastErrorOf } from '../serena/log-error.ts'
import { logModifiedAtMs } from '../serena/log-head.ts'
import { causeOf, versionOf } from './crash-cause.ts'
import { endOfLog, type StartLog, startLogOf, startLogsOf } from './start-log.ts'

/** An exit within this time after the start is an early exit. */
export const EARLY_MS = 10_000
/** Time until an exit is seen. */
const SEEN_MS = 2_500
const NOTICE_MS = 30 * 60_000
const MOST = 500
const EXITED = 'Its process has exited.'

/** A Serena whose process has ended. */
export interface EndedSerena {
  id: string
  pid: number
  startedAtMs: number
  /** Null: not known. */
  serenaHome: string | null
  project: Project | null
  /** `Claude Code in ~/shop`; null: not known. */
  client: string | null
}

export interface EarlyEnd {
  /** Sentences for the history, the decisive one first. */
  why: readonly string[]
  /** The error that ended it; null: it was ended by a signal, or its log contains no error. */
  failure: string | null
}

/** A start that left only its log: it exited before a scan saw it. */
export interface UnseenStart extends EarlyEnd {
  id: string
  pid: number
  startedAtMs: number
  title: string
}

interface Failure extends Omit<EndedSerena, 'id' | 'pid'> {
  error: string
  cause: string | null
  atMs: number
}

export interface FailedStartsDeps {
  nowMs: () => number
  /** The homes that are watched. */
  homes: () => readonly string[]
  /** False only when no such process exists. */
  mayRun: (pid: number) => boolean
}

export interface FailedStarts {
  /** Takes an instance that has exited. */
  take(ended: EndedSerena): void
  /** Takes the running instances: their versions, and that starts succeed again. */
  see(instances: readonly Instance[]): void
  /** Returns the reason of an exit by the instance's id; null: it was not an early exit. */
  endOf(id: string): EarlyEnd | null
  /** Returns the early exits of this run whose processes no scan saw, each once. */
  findUnseen(): readonly UnseenStart[]
  notices(): readonly Notice[]
}

interface State extends FailedStartsDeps {
  ends: Map<string, EarlyEnd>
  /** Logs that were read already. */
  knownLogs: Set<string>
  /** By project path. */
  versions: Map<string, string>
  /** Pids by instance. */
  running: Map<string, number>
  failures: readonly Failure[]
  sinceMs: number
}

/** Remembers the early exits of this run. */
export function createFailedStarts(deps: FailedStartsDeps): FailedStarts {
  const state: State = {
    ...deps,
    ends: new Map(),
    knownLogs: new Set(),
    versions: new Map(),
    running: new Map(),
    failures: [],
    // The time in the name of a log has a resolution of one second.
    sinceMs: deps.nowMs() - 1_000,
  }
  return {
    take: (ended) => takeEnded(state, ended),
    see(instances) {
      for (const instance of instances) if (instance.sources.includes('process')) seeRunning(state, instance)
    },
    endOf: (id) => state.ends.get(id) ?? null,
    findUnseen: () =>
      state
        .homes()
        .flatMap((home) => startLogsOf(home, state.nowMs()).flatMap((log) => unseenOf(state, home, log))),
    notices: () => noticesOf(state),
  }
}

function takeEnded(state: State, ended: EndedSerena): void {
  const { id, pid, startedAtMs, serenaHome } = ended
  state.running.delete(id)
  const ageMs = state.nowMs() - startedAtMs
  const homes = serenaHome === null ? state.homes() : [serenaHome]
  const log = homes.map((one) => startLogOf(one, pid, startedAtMs)).find((found) => found !== null) ?? null
  if (log) state.knownLogs.add(log.file)
  if (ageMs > EARLY_MS + SEEN_MS) return
  const lifetimeMs = Math.max(0, Math.min(ageMs, endOf(state, log) - startedAtMs))
  state.ends.set(id, explain(state, ended, log, lifetimeMs))
  for (const old of [...state.ends.keys()].slice(0, -MOST)) state.ends.delete(old)
}

function seeRunning(state: State, { id, pid, project, serenaVersion, startedAt }: Instance): void {
  if (pid !== null) state.running.set(id, pid)
  const version = /^\d+(\.\d+)*/.exec(serenaVersion ?? '')?.[0]
  if (project?.path && version !== undefined) state.versions.set(project.path, version)
  const startedAtMs = startedAt === null ? Number.NaN : Date.parse(startedAt)
  if (state.nowMs() - startedAtMs <= EARLY_MS + SEEN_MS) return
  // An instance that keeps running proves that starts on its project succeed again.
  state.failures = state.failures.filter(
    (one) => !(startedAtMs > one.startedAtMs && one.project?.path === project?.path),
  )
}

function unseenOf(state: State, serenaHome: string, log: StartLog): UnseenStart[] {
  const { pid, file, beganAtMs: startedAtMs } = log
  if (startedAtMs < state.sinceMs || state.knownLogs.has(file)) return []
  if ([...state.running.values()].includes(pid) || state.mayRun(pid)) return []
  state.knownLogs.add(file)
  const lifetimeMs = endOf(state, log) - startedAtMs
  if (lifetimeMs > EARLY_MS) return []
  const id = `${pid}-${createHash('sha256').update(file).digest('hex').slice(0, 12)}`
  const facts = { startedAtMs, serenaHome, project: null, client: null }
  return [
    { id, pid, title: basename(file), startedAtMs, ...explain(state, facts, log, Math.max(0, lifetimeMs)) },
  ]
}

const endOf = ({ nowMs }: State, log: StartLog | null): number =>
  (log && logModifiedAtMs(log.file)) ?? nowMs()

function explain(
  state: State,
  ended: Omit<EndedSerena, 'id' | 'pid'>,
  log: StartLog | null,
  lifetimeMs: number,
): EarlyEnd {
  const span = `It exited ${formatSpan(lifetimeMs)} after its start`
  const text = log === null ? '' : endOfLog(log.file)
  const error = lastErrorOf(text)
  if (log === null || error === null)
    return {
      why: [EXITED, log === null ? `${span}; it wrote no log.` : `${span}; its log contains no error.`],
      failure: null,
    }
  const where = `Its log: ${log.file}`
  if (!error.isFatal)
    return { why: [EXITED, `${span}. The last error in its log: ${error.text}`, where], failure: null }
  const path = ended.project?.path ?? null
  const cause = causeOf({
    error: error.text,
    log: text,
    serenaHome: ended.serenaHome,
    projectPath: path,
    otherVersion: otherVersionOf(state, path, versionOf(text)),
  })
  const failure = { ...ended, error: error.text, cause, atMs: state.nowMs() }
  state.failures = [...state.failures, failure].slice(-MOST)
  return { why: [[`${span}: ${error.text}.`, cause].filter(Boolean).join(' '), where], failure: error.text }
}

function otherVersionOf({ versions }: State, path: string | null, own: string | null): string | null {
  const other = path === null ? undefined : versions.get(path)
  return other === undefined || other === own ? null : other
}

function noticesOf(state: State): Notice[] {
  const nowMs = state.nowMs()
  state.failures = state.failures.filter(({ atMs }) => nowMs - atMs < NOTICE_MS)
  const byError = new Map<string, Failure[]>()
  for (const one of state.failures) {
    const key = `${one.serenaHome ?? ''} ${one.cause ?? one.error}`
    byError.set(key, [...(byError.get(key) ?? []), one])
  }
  return [...byError].flatMap(([key, all]) => {
    const last = all.at(-1)
    // A single failure may have any reason; a known cause stays until its file is changed.
    return last && (last.cause !== null || all.length > 1)
      ? [{ id: `starts:${key}`, level: 'warning' as const, text: noticeText(last, all, nowMs) }]
      : []
  })
}

function noticeText({ error, cause }: Failure, all: readonly Failure[], nowMs: number): string {
  const clients = [...new Set(all.flatMap(({ client }) => client ?? []))].slice(0, 2).map(visibleLine)
  const by = clients.length === 0 ? '' : `, started by ${clients.join(' and ')}`
  const [first] = all
  const since = all.length > 1 && first ? ` since ${clockTime(first.atMs, nowMs)}` : ''
  return [`Serena crashes at start (${countOf(all.length, 'time')}${since}${by}): ${error}.`, cause]
    .filter((part) => part !== null)
    .join(' ')
}
