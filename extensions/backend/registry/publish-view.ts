// Publishes the instances of a home as `instances.json`, while no other program writes that file. Only the backend publishes. Its
// entries are removed when their instances exit, and all of them when the backend ends.
import { existsSync } from 'node:fs'
import { AppError } from '#contract/errors'
import { type LockOptions, withFileLock } from '../os/files/file-lock.ts'
import type { PublishedInstance } from './registry-entry.ts'
import { type ForeignInput, isSameView, nextView } from './view.ts'
import {
  isUnchanged,
  prepareViewFolder,
  readOwnView,
  stampNow,
  type ViewPlace,
  viewPlaceOf,
  writeView,
} from './view-file.ts'

/** How often the heartbeats of an unchanged view are renewed. */
const HEARTBEAT_MS = 60_000
const BUSY = 'another program is writing it now'

export interface ViewDeps extends Pick<LockOptions, 'hasExited'> {
  /** Scans all processes now, and returns which of those that entries name may be running. */
  findRunning: () => Promise<ForeignInput['mayRun']>
  nowMs: () => number
  ownPid: number
}

export type PublishOutcome =
  /** `same`: no write was necessary. */
  | { kind: 'written' | 'same' }
  /** Another program writes the file: it is not written by us. */
  | { kind: 'left'; why: string }
  | { kind: 'failed'; why: string }

export interface ViewPublisher {
  publish(serenaHome: string, ours: readonly PublishedInstance[]): Promise<PublishOutcome>
  /** Returns why no entry of another program may be removed now; null: it may. */
  whyReadOnly(serenaHome: string): Promise<string | null>
  /** Removes another program's entry of a process that has exited. Returns why it could not; null: it is removed. */
  removeDead(serenaHome: string, entry: DeadEntry): Promise<string | null>
}

interface DeadEntry {
  pid: number
  startedAtMs: number | null
}

/** What was published last, and the file's state after it: if both are unchanged, the file is not read. */
type Published = Map<string, { key: string; stamp: string; atMs: number }>

/** Returns a publisher of one backend. It throws no error of the file system. */
export function createViewPublisher(deps: ViewDeps): ViewPublisher {
  const published: Published = new Map()
  return {
    async whyReadOnly(serenaHome) {
      const mayRun = await deps.findRunning()
      const found = readOwnView(viewPlaceOf(serenaHome), { ...clockOf(deps), mayRun })
      return 'why' in found ? found.why : null
    },
    removeDead: (serenaHome, entry) => removeDead(deps, serenaHome, entry).catch(messageOf),
    publish: (serenaHome, ours) =>
      publish(deps, published, serenaHome, ours).catch((error: unknown) => ({
        kind: 'failed',
        why: messageOf(error),
      })),
  }
}

async function publish(
  deps: ViewDeps,
  published: Published,
  serenaHome: string,
  ours: readonly PublishedInstance[],
): Promise<PublishOutcome> {
  const place = viewPlaceOf(serenaHome)
  const key = JSON.stringify(ours)
  const before = published.get(serenaHome)
  const isFresh = before !== undefined && deps.nowMs() - before.atMs < HEARTBEAT_MS
  if (isFresh && before.key === key && before.stamp === stampNow(place.file)) return { kind: 'same' }
  // With no instances now or before, no file and no folder is made.
  if (ours.length === 0 && !existsSync(place.recordFile)) return { kind: 'same' }
  prepareViewFolder(serenaHome, place)
  const mayRun = await deps.findRunning()
  const outcome = await withFileLock(place.recordFile, { hasExited: deps.hasExited }, () =>
    renew(deps, place, ours, mayRun),
  )
  if (outcome.kind === 'written')
    published.set(serenaHome, { key, stamp: stampNow(place.file), atMs: deps.nowMs() })
  return outcome
}

function renew(
  deps: ViewDeps,
  place: ViewPlace,
  ours: readonly PublishedInstance[],
  mayRun: ForeignInput['mayRun'],
): PublishOutcome {
  const found = readOwnView(place, { ...clockOf(deps), mayRun })
  if ('why' in found) return { kind: 'left', why: found.why }
  const { read, view, record } = found
  const nowMs = deps.nowMs()
  const next = nextView(view, record, ours, nowMs)
  const isFresh = read.kind === 'text' && nowMs - read.modifiedAtMs < HEARTBEAT_MS
  if (read.kind === 'text' && isSameView(view, next) && (isFresh || ours.length === 0))
    return { kind: 'same' }
  // Another program may have started to write meanwhile: the file must be unchanged since it was read.
  if (!isUnchanged(place.file, read)) return { kind: 'left', why: BUSY }
  const fresh = ours.map(({ pid, startedAtMs }) => ({ pid, startedAt: startedAtMs / 1000 }))
  writeView(place, found, next, fresh)
  return { kind: 'written' }
}

async function removeDead(
  deps: ViewDeps,
  serenaHome: string,
  { pid, startedAtMs }: DeadEntry,
): Promise<string | null> {
  const place = viewPlaceOf(serenaHome)
  prepareViewFolder(serenaHome, place)
  const mayRun = await deps.findRunning()
  return withFileLock(place.recordFile, { hasExited: deps.hasExited }, () => {
    const found = readOwnView(place, { ...clockOf(deps), mayRun })
    if ('why' in found) return found.why
    const { read, view, record } = found
    const entries = Object.entries(view.instances)
    const kept = entries.filter(
      ([, one]) => one.pid !== pid || startedAtMs === null || !isTime(one.started_at, startedAtMs),
    )
    if (kept.length === entries.length) return null
    if (mayRun(pid, startedAtMs)) return `process ${pid} may be running`
    if (!isUnchanged(place.file, read)) return BUSY
    writeView(place, found, { ...view, instances: Object.fromEntries(kept) }, record.entries)
    return null
  })
}

const clockOf = ({ nowMs, ownPid }: ViewDeps): { nowMs: number; ownPid: number } => ({
  nowMs: nowMs(),
  ownPid,
})

/** The message of an error of the file system; any other error is thrown again. */
function messageOf(error: unknown): string {
  if (error instanceof AppError) return error.message
  throw error
}

/** True if both are the time of the same entry: in seconds in the file, in milliseconds as it was read. */
const isTime = (startedAt: number, startedAtMs: number): boolean =>
  Math.abs((startedAt > 1e11 ? startedAt : startedAt * 1000) - startedAtMs) < 1
