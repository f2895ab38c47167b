// Starts of the last day that ended within ten seconds, from the logs of a home.
import { join } from 'node:path'
import { namesIn } from '../os/files/names-in.ts'
import { lastErrorOf } from '../serena/log-error.ts'
import { logModifiedAtMs } from '../serena/log-head.ts'
import { causeOf } from '../starts/crash-cause.ts'
import { EARLY_MS } from '../starts/failed-starts.ts'
import { endOfLog, type StartLog, startLogsOf } from '../starts/start-log.ts'
import type { CrashFact } from './facts.ts'

const DAY_MS = 86_400_000
const MOST_LOGS = 30

export interface CrashPlaces {
  serenaHome: string
  nowMs: number
  /** False only when no such process exists; null: the processes of that machine cannot be seen. */
  mayRun: ((pid: number) => boolean) | null
}

/** Returns the early exits since the last start that lasted, the newest first. */
export function readCrashes({ serenaHome, nowMs, mayRun }: CrashPlaces): CrashFact[] {
  const logs = logsOf(serenaHome, nowMs, mayRun === null).sort((a, b) => b.beganAtMs - a.beganAtMs)
  const crashes: CrashFact[] = []
  for (const log of logs.slice(0, MOST_LOGS)) {
    if (mayRun?.(log.pid)) return crashes
    const crash = crashIn(log, serenaHome)
    if (crash === null) return crashes
    crashes.push(crash)
  }
  return crashes
}

/** Of the last day; of another machine, the newest ones. */
function logsOf(serenaHome: string, nowMs: number, isElsewhere: boolean): StartLog[] {
  if (!isElsewhere)
    return [nowMs, nowMs - DAY_MS].flatMap((dayMs) =>
      startLogsOf(serenaHome, dayMs).filter(({ beganAtMs }) => nowMs - beganAtMs < DAY_MS),
    )
  const newest = namesIn(join(serenaHome, 'logs'))
    .filter((name) => /^\d{4}-\d\d-\d\d$/.test(name))
    .sort()
    .at(-1)
  return newest === undefined ? [] : [...startLogsOf(serenaHome, Date.parse(`${newest}T12:00:00`))]
}

function crashIn({ file, beganAtMs }: StartLog, serenaHome: string): CrashFact | null {
  const text = endOfLog(file)
  const error = lastErrorOf(text)
  const lifetimeMs = Math.max(
    0,
    (lastTimeIn(text) ?? logModifiedAtMs(file) ?? Number.POSITIVE_INFINITY) - beganAtMs,
  )
  if (error === null || !error.isFatal || lifetimeMs > EARLY_MS) return null
  const cause = causeOf({ error: error.text, log: text, serenaHome, projectPath: null, otherVersion: null })
  return { log: file, atMs: beganAtMs, lifetimeMs, error: error.text, cause }
}

/** The time of the last line with one: a copy of a log has another time of its file. */
function lastTimeIn(text: string): number | null {
  const times = [...text.matchAll(/^[A-Z]+ +(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)[,.]/gm)]
  const last = times.at(-1)
  const atMs = last ? new Date(`${last[1] ?? ''}T${last[2] ?? ''}`).getTime() : Number.NaN
  return Number.isNaN(atMs) ? null : atMs
}
