// Publishes the view of a home, from what the sweep found, as long as no other program writes `instances.json`. Only the backend
// does so. What it put there goes when the instances go, and all of it when the backend ends.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import * as z from 'zod/mini'
import { AppError } from '#contract/errors'
import type { PublishedInstance } from '../../facts.ts'
import { type FileText, readRegularFile } from '../../lib/read-file.ts'
import { type LockOptions, withFileLock } from '../../os/file-lock.ts'
import { checkOwnFolder, makePrivate } from '../../os/private-folder.ts'
import { removeFileIf } from '../../os/remove-file.ts'
import { sweepParts, writeFileWhole } from '../../os/write-file.ts'
import {
  EMPTY_VIEW,
  type ForeignInput,
  foreignOf,
  foreignWriter,
  hashOf,
  isSameView,
  NO_RECORD,
  nextView,
  type PublishRecord,
  parseView,
  recordSchema,
  renderView,
  type View,
} from './view.ts'

const MAX_BYTES = 8 * 1024 * 1024
/** How often the heartbeats of an unchanged view are renewed. */
const HEARTBEAT_MS = 60_000
const RECORD = '.published.json'

export interface ViewDeps extends Pick<LockOptions, 'isGone'> {
  /** Looks at all processes now: which of those that entries name may live. */
  look: () => Promise<ForeignInput['mayLive']>
  nowMs: () => number
  ownPid: number
}

export type PublishOutcome =
  /** `same`: nothing had to be written. */
  | { kind: 'written' | 'same' }
  /** Another program writes the file: it is read-only for us. */
  | { kind: 'left'; why: string }
  | { kind: 'failed'; why: string }

export interface ViewPublisher {
  publish(serenaHome: string, ours: readonly PublishedInstance[]): Promise<PublishOutcome>
  /** Why nothing that others put there may be taken out now, as half a sentence; null: it may. */
  whyLeft(serenaHome: string): Promise<string | null>
  /** Takes out what others put there for a process that is gone. The result says why it could not; null: it is out. */
  removeDead(serenaHome: string, entry: { pid: number; startedAtMs: number | null }): Promise<string | null>
}

/** A publisher of one backend. It throws for nothing that files do. */
export function createViewPublisher(deps: ViewDeps): ViewPublisher {
  /** What was published last, and the file as it was then: unchanged, it needs no second look. */
  const last = new Map<string, { key: string; stamp: string; atMs: number }>()

  async function publish(serenaHome: string, ours: readonly PublishedInstance[]): Promise<PublishOutcome> {
    const file = join(serenaHome, 'instances.json')
    const recordFile = recordFileOf(serenaHome)
    const key = JSON.stringify(ours)
    const before = last.get(serenaHome)
    if (before?.key === key && before.stamp === stampNow(file) && deps.nowMs() - before.atMs < HEARTBEAT_MS)
      return { kind: 'same' }
    // Nothing to say and nothing said before: no file and no folder is made.
    if (ours.length === 0 && !existsSync(recordFile)) return { kind: 'same' }
    checkOwnFolder(serenaHome)
    const issue = makePrivate(join(serenaHome, 'instances.d'))
    if (issue !== null) throw new AppError('folder-unsafe', { path: join(serenaHome, 'instances.d'), issue })
    const mayLive = await deps.look()
    const outcome = await withFileLock(recordFile, { isGone: deps.isGone }, () =>
      renew(file, recordFile, ours, mayLive),
    )
    if (outcome.kind === 'written') last.set(serenaHome, { key, stamp: stampNow(file), atMs: deps.nowMs() })
    return outcome
  }

  function renew(
    file: string,
    recordFile: string,
    ours: readonly PublishedInstance[],
    mayLive: ForeignInput['mayLive'],
  ): PublishOutcome {
    const found = readOurs(file, recordFile, mayLive)
    if ('why' in found) return { kind: 'left', why: found.why }
    const { read, before, record } = found
    const nowMs = deps.nowMs()
    const text = read.kind === 'text' ? read.text : null
    const next = nextView(before, record, ours, nowMs)
    const isFresh = read.kind === 'text' && nowMs - read.modifiedAtMs < HEARTBEAT_MS
    if (text !== null && isSameView(before, next) && (isFresh || ours.length === 0)) return { kind: 'same' }
    // In this very moment another may have begun to write: what stands there now must be what was read.
    if (stampNow(file) !== stampOf(read)) return { kind: 'left', why: 'another program writes it just now' }
    const fresh = ours.map(({ pid, startedAtMs }) => ({ pid, startedAt: startedAtMs / 1000 }))
    write(file, recordFile, before, next, record, fresh)
    return { kind: 'written' }
  }

  /** The file as long as nobody else writes it. */
  function readOurs(
    file: string,
    recordFile: string,
    mayLive: ForeignInput['mayLive'],
  ): { read: FileText; before: View; record: PublishRecord } | { why: string } {
    const record = readRecord(recordFile)
    const read = readRegularFile(file, MAX_BYTES)
    if (read.kind === 'refused') return { why: read.why }
    if (read.kind === 'missing') return { read, before: EMPTY_VIEW, record }
    const { text, modifiedAtMs } = read
    const view = parseView(text)
    if (view === null) return { why: 'what stands in it is not what we would write' }
    const { ownPid } = deps
    const why = foreignWriter({ text, view, record, modifiedAtMs, nowMs: deps.nowMs(), ownPid, mayLive })
    return why === null ? { read, before: view, record } : { why }
  }

  async function removeDead(
    serenaHome: string,
    { pid, startedAtMs }: { pid: number; startedAtMs: number | null },
  ): Promise<string | null> {
    const file = join(serenaHome, 'instances.json')
    const recordFile = recordFileOf(serenaHome)
    checkOwnFolder(serenaHome)
    const issue = makePrivate(dirname(recordFile))
    if (issue !== null) throw new AppError('folder-unsafe', { path: dirname(recordFile), issue })
    const mayLive = await deps.look()
    return withFileLock(recordFile, { isGone: deps.isGone }, () => {
      const found = readOurs(file, recordFile, mayLive)
      if ('why' in found) return found.why
      const { read, before, record } = found
      const kept = Object.entries(before.instances).filter(
        ([, one]) => one.pid !== pid || startedAtMs === null || !isTime(one.started_at, startedAtMs),
      )
      if (kept.length === Object.keys(before.instances).length) return null
      if (mayLive(pid, startedAtMs)) return `process ${pid} may live`
      if (stampNow(file) !== stampOf(read)) return 'another program writes it just now'
      const next = { ...before, instances: Object.fromEntries(kept) }
      write(file, recordFile, before, next, record, record.entries)
      return null
    })
  }

  return {
    async whyLeft(serenaHome) {
      const mayLive = await deps.look()
      const found = readOurs(join(serenaHome, 'instances.json'), recordFileOf(serenaHome), mayLive)
      return 'why' in found ? found.why : null
    },
    async removeDead(serenaHome, entry) {
      try {
        return await removeDead(serenaHome, entry)
      } catch (error) {
        if (!(error instanceof AppError)) throw error
        return error.message
      }
    },
    async publish(serenaHome, ours) {
      try {
        return await publish(serenaHome, ours)
      } catch (error) {
        if (!(error instanceof AppError)) throw error
        return { kind: 'failed', why: error.message }
      }
    },
  }
}

/** Both are times of the same entry: seconds as it stands there, milliseconds as it was read. */
const isTime = (startedAt: number, startedAtMs: number): boolean =>
  Math.abs((startedAt > 1e11 ? startedAt : startedAt * 1000) - startedAtMs) < 1

const stampNow = (file: string): string => stampOf(readRegularFile(file, 0))

const stampOf = (read: ReturnType<typeof readRegularFile>): string =>
  read.kind === 'text' ? read.stamp : read.kind

/** `fresh`: which entries of `next` are ours. The record first: an entry that nobody knows to be ours would stay for ever. */
function write(
  file: string,
  recordFile: string,
  before: View,
  next: View,
  record: PublishRecord,
  fresh: PublishRecord['entries'],
): void {
  const text = renderView(next)
  const isEmpty = Object.keys(next.instances).length === 0 && next.lifecycle_events.length === 0
  for (const folder of [dirname(file), dirname(recordFile)]) sweepParts(folder)
  if (isEmpty && Object.keys(foreignOf(before, record)).length === 0) {
    if (removeFileIf(file, (found) => parseView(found) !== null)) removeFileIf(recordFile, () => true)
    return
  }
  writeRecord(recordFile, { hash: hashOf(text), entries: [...record.entries, ...fresh] })
  writeFileWhole(file, text)
  writeRecord(recordFile, { hash: hashOf(text), entries: fresh })
}

const writeRecord = (file: string, record: PublishRecord): void =>
  writeFileWhole(file, `${JSON.stringify({ schema: 1, ...record })}\n`)

/** Which entries of the home's `instances.json` we published; an unreadable record names none. */
export function readRecord(file: string): PublishRecord {
  const read = readRegularFile(file, MAX_BYTES)
  if (read.kind !== 'text') return NO_RECORD
  try {
    const parsed = z.safeParse(recordSchema, JSON.parse(read.text))
    return parsed.success ? parsed.data : NO_RECORD
  } catch {
    // Torn: then whatever stands in the view counts as another's, and is never dropped.
    return NO_RECORD
  }
}

/** The record's place in a home. */
export const recordFileOf = (serenaHome: string): string => join(serenaHome, 'instances.d', RECORD)
