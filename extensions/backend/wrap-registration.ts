// The registry entry of a wrapped Serena: written once it is there, removed when it has ended. Nobody needs to run for that; a
// backend that comes finds it.
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { EntryFlags, OwnEntry } from '#contract/registry'
import type { ProcessTable, SerenaProcess } from './facts.ts'
import { entryFileName, makeEntry } from './features/registry/own-entry.ts'
import { prepareEntryFolder, writeEntryFile } from './features/registry/place-entry.ts'
import { commandProject } from './features/supervisor/command-project.ts'
import { findSerenas } from './features/sweep/serena-processes.ts'
import { holderIsGone } from './lib/process-lives.ts'
import { isBelow } from './lib/process-tree.ts'
import { readRegularFile } from './lib/read-file.ts'
import { withFileLock } from './os/file-lock.ts'
import { ownPidNamespace } from './os/linux/pid-namespace.ts'
import { removeFileIf } from './os/remove-file.ts'

const FIRST_LOOK_MS = 150
/** A `uvx` may download for minutes before there is a Serena. */
const LAST_WAIT_MS = 4_000
const MAX_BYTES = 64 * 1024

export interface RegistrationDeps {
  list(): Promise<ProcessTable>
  serenaHome: string
  cwd: string
  /** As they were given; they beat the home's file. */
  flags: EntryFlags
  /** The process that was started: Serena, or its launcher; null: it has ended. */
  startedPid(): number | null
  client(): { pid: number; name: string } | null
}

export interface Registration {
  /** Resolves once it is registered, or once there is nothing to register. */
  readonly done: Promise<void>
  /** The entry as it stands; null: there is none. */
  read(): OwnEntry | null
  /** Removes the entry. */
  remove(): void
}

/** Registers the Serena below us as soon as there is one. */
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
  await withFileLock(file, { isGone: holderIsGone(deps.list) }, () => {
    writeEntryFile(file, withKnown(entry, file))
  })
  return { file, identity: fact.identity }
}

/** Null: what was started has ended without one. */
async function findBelow({ list, startedPid }: RegistrationDeps): Promise<SerenaProcess | null> {
  for (let waitMs = FIRST_LOOK_MS; ; waitMs = Math.min(waitMs * 2, LAST_WAIT_MS)) {
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

/** A backend that was quicker knows more of it, but neither the client's name nor the flags. */
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
    // Torn: nothing is known of it.
    return null
  }
}
