// Undoes the changes of one set: byte for byte where the file is as it was written, else only the values that were changed.
import { unlinkSync } from 'node:fs'
import { dirname } from 'node:path'
import { AppError } from '#contract/errors'
import { etagOf } from '../dashboards/configuration.ts'
import { checkOwnFolder } from '../os/files/private-folder.ts'
import { readRegularFile } from '../os/files/read-file.ts'
import { readUserFile, type UserFile } from '../os/files/user-file.ts'
import { notWritten } from '../os/files/write-failure.ts'
import { removeStaleParts, writeFileWhole } from '../os/files/write-file.ts'
import type { ChangedFile, ChangeSet } from './change-record.ts'
import { takenBack } from './config-difference.ts'
import { attempt, type ConfigTools, plain } from './planned-file.ts'

export interface Restored {
  /** The files that are as before. */
  restored: string[]
  refused: { file: string; why: string; backup: string | null }[]
}

const MAX_BYTES = 16 * 1024 * 1024

/** Restores the files, the last one first. A file whose change was not written yet, or is undone already, counts as restored. */
export function restoreSet({ files }: ChangeSet, tools: ConfigTools | null): Restored {
  const result: Restored = { restored: [], refused: [] }
  for (const changed of files.toReversed()) {
    const { file, target, backup } = changed
    // Of a write that was killed.
    removeStaleParts(dirname(target))
    const why = restoreFile(changed, tools)
    if (why === null) result.restored.push(file)
    else result.refused.push({ file, why, backup })
  }
  return result
}

/** Returns why it was not restored, as a sentence; null: it is as before. */
function restoreFile(changed: ChangedFile, tools: ConfigTools | null): string | null {
  const now = readUserFile(changed.file)
  const { after, before } = changed
  if (now.text === null) return now.problem ?? (before === null ? null : 'The file has been removed since.')
  const hash = etagOf(now.text)
  if (hash === before) return null
  if (now.problem !== null) return now.problem
  if (now.target !== changed.target) return 'It is a link to another file now.'
  try {
    checkOwnFolder(dirname(now.target))
    return hash === after ? restoreBytes(changed, now, tools) : restoreValues(changed, now, tools)
  } catch (error) {
    if (error instanceof AppError) return error.message
    throw error
  }
}

function restoreBytes(changed: ChangedFile, now: UserFile, tools: ConfigTools | null): string | null {
  if (changed.before === null) {
    remove(now.target)
    return null
  }
  const copy = changed.backup === null ? null : readRegularFile(changed.backup, MAX_BYTES)
  if (copy?.kind !== 'text' || etagOf(copy.text) !== changed.before) return restoreValues(changed, now, tools)
  write(now, copy.text)
  return null
}

/** The client has saved its file since: its own changes stay. */
function restoreValues(
  { format, differences }: ChangedFile,
  now: UserFile,
  tools: ConfigTools | null,
): string | null {
  const edited =
    tools &&
    attempt(() => {
      const text = now.text ?? ''
      const changes = takenBack(plain(tools.parse(text, format)), differences)
      return changes && tools.change(text, format, changes)
    })
  if (edited === null) return 'The values that Serena Deck wrote have been changed since.'
  write(now, edited)
  return null
}

const write = ({ target, like }: UserFile, text: string): void =>
  writeFileWhole(target, text, like === null ? {} : { like })

function remove(target: string): void {
  try {
    unlinkSync(target)
  } catch (cause) {
    throw notWritten(target, cause)
  }
}
