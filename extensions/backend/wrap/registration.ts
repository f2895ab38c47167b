// The registry entry of a wrapped Serena: written when it has started, removed when it has exited. Needs no backend; a backend that
// starts later finds it.
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { EntryFlags, OwnEntry } from '#contract/registry'
import { withFileLock } from '../os/files/file-lock.ts'
import { hasHolderExited } from '../os/files/lock-holder.ts'
import { readRegularFile } from '../os/files/read-file.ts'
import { removeFileIf } from '../os/files/remove-file.ts'
import { ownPidNamespace } from '../os/linux/pid-namespace.ts'
import type { ProcessTable } from '../os/process-facts.ts'
import { prepareEntryFolder, writeEntryFile } from '../registry/entry-file.ts'
import { entryFileName, makeEntry } from '../registry/own-entry.ts'
import { isBelow } from '../serena/process-tree.ts'
import type { SerenaProcess } from '../serena/serena-process.ts'
import { findSerenas } from '../serena/serena-processes.ts'
import { commandProject } from './command-project.ts'

const FIRST_SCAN_MS = 150
/** A `uvx` may download for minutes before there is a Serena. */
const LAST_WAIT_MS = 4_000
const MAX_BYTES = 64 * 1024

export interface RegistrationDeps {
  list(): Promise<ProcessTable>
  serenaHome: string
  cwd: string
  /** As given on the command line; they override the home's file. */
  flags: EntryFlags
  /** The started process: Serena, or its launcher; null: it has exited. */
  startedPid(): number | null
  client(): { pid: number; name: string } | null
}

export interface Registration {
  /** Resolves when it is registered, or when there is nothing to register. */
  readonly done: Promise<void>
  /** Returns the current entry; null: there is none. */
  read(): OwnEntry | null
  /** Removes the entry. */
  remove(): void
}

/** Registers the Serena below this process when it has started. */
export function registerWrapped(deps: RegistrationDeps): Registration {
  let written: { file: string; identity: string } | null = null
  return {
    done: register(deps).then((entry) => {
      written = entry
    }),
    read() {
      const known = written && objectIn(written.file)
      return known?.['identity'] === written?.identity ? (known as OwnEntry | null) : null
    },
    remove() {
      const { file, identity } = written ?? {}
      if (file !== undefined) removeFileIf(file, (text) => objectOf(text)?.['identity'] === identity)
      written = null
    },
  }
}

async function register(deps: RegistrationDeps): Promise<{ file: string; identity: string } | null> {
  const serena = await findBelow(deps)
  if (serena === null) return null
  const { process: fact, command } = serena
  const made = makeEntry(
    fact,
    {
      project: commandProject(command, deps.cwd),
      context: command.context,
      modes: [...command.modes],
      client: deps.client(),
      flags: deps.flags,
    },
    { pidNamespace: ownPidNamespace(), nowMs: Date.now() },
  )
  const entry: OwnEntry = { ...made, origin: 'wrap' }
  const file = join(prepareEntryFolder(deps.serenaHome), entryFileName(entry))
  await withFileLock(file, { hasExited: hasHolderExited(deps.list) }, () => {
    writeEntryFile(file, withKnown(entry, file))
  })
  return { file, identity: fact.identity }
}

/** Null: the started process exited without a Serena. */
async function findBelow({ list, startedPid }: RegistrationDeps): Promise<SerenaProcess | null> {
  for (let waitMs = FIRST_SCAN_MS; ; waitMs = Math.min(waitMs * 2, LAST_WAIT_MS)) {
    await sleep(waitMs, undefined, { ref: false })
    const pid = startedPid()
    if (pid === null) return null
    const table = await list()
    const found = findSerenas(table).find(
      ({ process: { pid: own }, isLauncherOnly }) => !isLauncherOnly && isBelow(own, pid, table),
    )
    if (found) return found
  }
}

/** A backend may have written more facts already, but not the client's name and the flags. */
function withKnown(entry: OwnEntry, file: string): OwnEntry {
  const known = objectIn(file)
  if (known?.['identity'] !== entry.identity) return entry
  const { client, flags, updatedAt } = entry
  return { ...entry, ...known, flags, updatedAt, ...(client && { client }) }
}

function objectIn(file: string): Record<string, unknown> | null {
  const read = readRegularFile(file, MAX_BYTES)
  return read.kind === 'text' ? objectOf(read.text) : null
}

function objectOf(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : null
  } catch {
    // Incomplete: not usable.
    return null
  }
}
