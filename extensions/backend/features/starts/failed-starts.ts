// Serenas that end soon after their start: what their logs say of it, for the history, and a notice while starts keep failing.
import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import type { Instance, Notice, Project } from '#contract/instance'
import { countOf, formatSpan } from '#contract/units'
import { visibleLine } from '#contract/visible-text'
import { clockTime } from '../../lib/clock-time.ts'
import { causeOf, versionOf } from './crash-cause.ts'
import { lastErrorOf } from './log-error.ts'
import { endOfLog, type StartLog, startLogOf, startLogsOf, writtenAtMs } from './start-log.ts'

/** An end so soon after the start is an end at the start. */
export const EARLY_MS = 10_000
/** Until an end is seen. */
const SEEN_MS = 2_500
const TOLD_MS = 30 * 60_000
const MOST = 500

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
  /** Sentences for the history, the deciding one first. */
  why: readonly string[]
  /** The error that ended it; null: it was ended, or says nothing of an error. */
  failure: string | null
}

/** A start of which only the log is left: it ended before any look. */
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
  /** The homes that are looked at. */
  homes: () => readonly string[]
  /** False only when no such process exists. */
  mayRun: (pid: number) => boolean
}

export interface FailedStarts {
  /** Takes one that has ended. */
  take(ended: EndedSerena): void
  /** Takes those that run: their versions, and that starts succeed again. */
  see(instances: readonly Instance[]): void
  /** What is known of an end by the instance's id; null: it was no end at the start. */
  endOf(id: string): EarlyEnd | null
  /** The logs of this run whose processes were never seen and have ended at their start; each once. */
  findUnseen(): readonly UnseenStart[]
  notices(): readonly Notice[]
}

/** Remembers the ends of this run. */
export function createFailedStarts({ nowMs, homes, mayRun }: FailedStartsDeps): FailedStarts {
  const ends = new Map<string, EarlyEnd>()
  const known = new Set<string>()
  /** The time in a log's name has a second's grain. */
  const sinceMs = nowMs() - 1_000
  const versions = new Map<string, string>()
  const running = new Map<string, number>()
  let failures: readonly Failure[] = []

  function explain(ended: Omit<EndedSerena, 'id' | 'pid'>, log: StartLog | null, livedMs: number): EarlyEnd {
    const span = `It exited ${formatSpan(livedMs)} after its start`
    const text = log === null ? '' : endOfLog(log.file)
    const error = lastErrorOf(text)
    if (log === null || error === null)
      return {
        why: [log === null ? `${span}; it wrote no log.` : `${span}; its log names no error.`],
        failure: null,
      }
    const where = `Its log: ${log.file}`
    if (!error.isFatal)
      return { why: [`${span}. The last error in its log: ${error.text}`, where], failure: null }
    const path = ended.project?.path ?? null
    const cause = causeOf({
      error: error.text,
      log: text,
      serenaHome: ended.serenaHome,
      projectPath: path,
      otherVersion: otherVersionOf(path, versionOf(text)),
    })
    failures = [...failures, { ...ended, error: error.text, cause, atMs: nowMs() }].slice(-MOST)
    return { why: [[`${span}: ${error.text}.`, cause].filter(Boolean).join(' '), where], failure: error.text }
  }

  function otherVersionOf(path: string | null, own: string | null): string | null {
    const other = path === null ? undefined : versions.get(path)
    return other === undefined || other === own ? null : other
  }

  function remember(id: string, end: EarlyEnd): void {
    ends.set(id, end)
    for (const old of [...ends.keys()].slice(0, -MOST)) ends.delete(old)
  }

  function current(): readonly Failure[] {
    failures = failures.filter(({ atMs }) => nowMs() - atMs < TOLD_MS)
    return failures
  }

  return {
    take(ended) {
      const { id, pid, startedAtMs, serenaHome } = ended
      running.delete(id)
      const livedMs = nowMs() - startedAtMs
      const home = serenaHome === null ? homes() : [serenaHome]
      const log = home.map((one) => startLogOf(one, pid, startedAtMs)).find((found) => found !== null) ?? null
      if (log) known.add(log.file)
      if (livedMs > EARLY_MS + SEEN_MS) return
      remember(id, explain(ended, log, Math.max(0, Math.min(livedMs, endOf(log) - startedAtMs))))
    },
    see(instances) {
      for (const { id, pid, project, serenaVersion, startedAt, sources } of instances) {
        if (!sources.includes('process')) continue
        if (pid !== null) running.set(id, pid)
        const version = /^\d+(\.\d+)*/.exec(serenaVersion ?? '')?.[0]
        if (project?.path && version !== undefined) versions.set(project.path, version)
        const startedAtMs = startedAt === null ? Number.NaN : Date.parse(startedAt)
        if (nowMs() - startedAtMs <= EARLY_MS + SEEN_MS) continue
        // One that runs on disproves that starts fail on its project.
        failures = failures.filter(
          (one) => !(startedAtMs > one.startedAtMs && one.project?.path === project?.path),
        )
      }
    },
    endOf: (id) => ends.get(id) ?? null,
    findUnseen() {
      return homes().flatMap((home) => {
        return startLogsOf(home, nowMs()).flatMap((log) => {
          if (log.beganAtMs < sinceMs || known.has(log.file)) return []
          if ([...running.values()].includes(log.pid) || mayRun(log.pid)) return []
          known.add(log.file)
          const livedMs = endOf(log) - log.beganAtMs
          if (livedMs > EARLY_MS) return []
          const facts = { startedAtMs: log.beganAtMs, serenaHome: home, project: null, client: null }
          const id = `${log.pid}-${createHash('sha256').update(log.file).digest('hex').slice(0, 12)}`
          return [
            {
              id,
              pid: log.pid,
              title: basename(log.file),
              startedAtMs: log.beganAtMs,
              ...explain(facts, log, Math.max(0, livedMs)),
            },
          ]
        })
      })
    },
    notices() {
      const byError = new Map<string, Failure[]>()
      for (const one of current()) {
        const key = `${one.serenaHome ?? ''} ${one.cause ?? one.error}`
        byError.set(key, [...(byError.get(key) ?? []), one])
      }
      return [...byError].flatMap(([key, all]) => {
        const last = all.at(-1)
        // Once may be anything; a known cause stays until its file is changed.
        return last && (last.cause !== null || all.length > 1)
          ? [{ id: `starts:${key}`, level: 'warning' as const, text: noticeText(last, all, nowMs()) }]
          : []
      })
    },
  }

  function endOf(log: StartLog | null): number {
    return (log && writtenAtMs(log.file)) ?? nowMs()
  }
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
