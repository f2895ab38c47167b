// Writes planned changes to files of other programs, all or none, and undoes them. A journal on the disk lets the next run end what
// a crash has interrupted.
import { randomBytes } from 'node:crypto'
import { mkdirSync, rmdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '#contract/errors'
import { etagOf } from '../dashboards/configuration.ts'
import { writeBackup } from '../os/files/backups.ts'
import { checkOwnFolder } from '../os/files/private-folder.ts'
import { secureFolder } from '../os/files/secure-folder.ts'
import { missingFolders, readUserFile } from '../os/files/user-file.ts'
import { notWritten } from '../os/files/write-failure.ts'
import { type PreparedWrite, prepareWrite } from '../os/files/write-file.ts'
import { type KernelLock, takeKernelLock } from '../os/kernel-lock.ts'
import {
  type ChangedFile,
  type ChangeReason,
  type ChangeRecord,
  type ChangeSet,
  createChangeRecord,
} from './change-record.ts'
import type { ConfigTools, PlannedFile } from './planned-file.ts'
import { type Restored, restoreSet } from './restore-files.ts'

const LOCK = 'config-changes'
const LOCK_MS = 5_000
const LOCK_STEP_MS = 50

export interface Applied {
  /** Of the set, for an undo. */
  id: string
  files: readonly { file: string; backup: string | null }[]
}

export interface FileChanges {
  /**
   * Writes all files or none. Errors: `changed-meanwhile` (a file is no longer the one that was planned for), `bad-input` (a file has a
   * problem), `folder-unsafe`, `not-written`, `file-locked`.
   */
  apply(planned: readonly PlannedFile[], reason: ChangeReason): Promise<Applied>
  /** Undoes the sets for which this is true, newest first. What cannot be undone is named, and stays recorded. */
  undo(isMeant: (set: ChangeSet) => boolean): Promise<Restored>
  /** Ends what a crash has interrupted; returns the files that it restored. */
  recover(): Promise<Restored>
  /** Oldest first; those that were interrupted as well. */
  sets(): readonly ChangeSet[]
}

export interface FileChangesDeps {
  stateFolder: string
  /** The parsers, loaded when they are needed. */
  tools: () => Promise<ConfigTools>
  nowMs?: () => number
}

/** Creates the writer of one state folder. Several processes may have one: a lock orders their changes. */
export function createFileChanges({ stateFolder, tools, nowMs = Date.now }: FileChangesDeps): FileChanges {
  const record = createChangeRecord(stateFolder)
  const locked = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    secureFolder(stateFolder)
    const lock = await takeLock(stateFolder)
    try {
      return await work()
    } finally {
      lock.release()
    }
  }
  const recover = async (): Promise<Restored> => {
    const unfinished = record.read().filter(({ state }) => state !== 'applied')
    return restoreAll(unfinished, record, await toolsFor(unfinished, tools))
  }
  return {
    apply: (planned, reason) =>
      locked(async () => {
        await recover()
        for (const one of planned) checkPlanned(one)
        const set = newSet(planned, reason, { stateFolder, nowMs: nowMs() })
        await writeSet(planned, set, record, tools)
        return { id: set.id, files: set.files.map(({ file, backup }) => ({ file, backup })) }
      }),
    undo: (isMeant) =>
      locked(async () => {
        const recovered = await recover()
        const meant = record.read().filter(isMeant).toReversed()
        const restored = restoreAll(meant, record, await toolsFor(meant, tools))
        return {
          restored: [...recovered.restored, ...restored.restored],
          refused: [...recovered.refused, ...restored.refused],
        }
      }),
    recover: () => locked(recover),
    sets: record.read,
  }
}

const toolsFor = async (
  sets: readonly ChangeSet[],
  tools: FileChangesDeps['tools'],
): Promise<ConfigTools | null> => (sets.length > 0 ? await tools() : null)

async function takeLock(stateFolder: string): Promise<KernelLock> {
  for (const endMs = performance.now() + LOCK_MS; ; await sleep(LOCK_STEP_MS)) {
    const lock = await takeKernelLock(stateFolder, LOCK)
    if (lock) return lock
    if (performance.now() > endMs)
      throw new AppError('file-locked', { file: 'The record of changes', lock: 'its lock' })
  }
}

/** The file is still the one that was planned for, and may be written. */
function checkPlanned({ file, before, target, problem }: PlannedFile): void {
  if (problem !== null) throw new AppError('bad-input', { issue: `${file}: ${problem.replace(/\.$/, '')}` })
  const now = readUserFile(file)
  if (now.text !== before || now.target !== target) throw new AppError('changed-meanwhile', { what: file })
  checkOwnFolder(dirname(missingFolders(target)[0] ?? target))
}

function newSet(
  planned: readonly PlannedFile[],
  reason: ChangeReason,
  { stateFolder, nowMs }: { stateFolder: string; nowMs: number },
): ChangeSet {
  const files = planned.map(
    ({ file, target, format, before, after, differences }): ChangedFile => ({
      file,
      target,
      format,
      backup: before === null ? null : writeBackup(stateFolder, backupName(target), before, nowMs),
      before: before === null ? null : etagOf(before),
      after: etagOf(after),
      folders: missingFolders(target),
      differences: differences.map((one) => ({ ...one, path: [...one.path] })),
    }),
  )
  return { id: randomBytes(6).toString('hex'), atMs: nowMs, reason, state: 'applying', files }
}

/** `.cursor-mcp.json-1f0c9a2b`: many files have one name, and each keeps its own copies. */
function backupName(target: string): string {
  const words = target.split(/[\\/]/).slice(-2).join('-')
  return `${words.replace(/[^\w.-]/g, '_')}-${etagOf(target).slice(0, 8)}`
}

async function writeSet(
  planned: readonly PlannedFile[],
  set: ChangeSet,
  record: ChangeRecord,
  tools: FileChangesDeps['tools'],
): Promise<void> {
  record.put(set)
  const prepared: PreparedWrite[] = []
  try {
    for (const { folders } of set.files) makeFolders(folders)
    // All that needs space comes first: on a full disk no file is replaced.
    for (const { target, after, like } of planned)
      prepared.push(prepareWrite(target, after, like === null ? {} : { like }))
    const end = record.prepare({ ...set, state: 'applied' })
    prepared.push(end)
    for (const [at, one] of planned.entries()) {
      checkPlanned(one)
      prepared[at]?.commit()
    }
    end.commit()
  } catch (error) {
    for (const one of prepared) one.discard()
    await undoFailed(set, record, tools)
    throw error
  }
}

/** What fails here as well (a full disk) is left to the next run: the record says so. */
async function undoFailed(
  set: ChangeSet,
  record: ChangeRecord,
  tools: FileChangesDeps['tools'],
): Promise<void> {
  try {
    restoreAll([set], record, await tools())
  } catch {
    // The first failure is the one to report.
  }
}

function makeFolders(folders: readonly string[]): void {
  for (const folder of folders)
    try {
      mkdirSync(folder, { mode: 0o700 })
    } catch (cause) {
      throw notWritten(folder, cause)
    }
}

/** Takes the sets back in this order; a set leaves the record when all of its files are restored. */
function restoreAll(sets: readonly ChangeSet[], record: ChangeRecord, tools: ConfigTools | null): Restored {
  const all: Restored = { restored: [], refused: [] }
  for (const set of sets) {
    if (set.state === 'applied') record.put({ ...set, state: 'undoing' })
    const { restored, refused } = restoreSet(set, tools)
    all.restored.push(...restored)
    all.refused.push(...refused)
    const left = set.files.filter(({ file }) => refused.some((one) => one.file === file))
    if (left.length === 0) record.remove(set.id)
    else record.put({ ...set, state: 'applied', files: left })
    for (const { folders } of set.files) for (const folder of folders.toReversed()) removeIfEmpty(folder)
  }
  return all
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder)
  } catch {
    // It is in use by now, or was not made.
  }
}
