// The registry as the surfaces use it: register, touch, update, deregister, list. The identity of a process is read from the process
// table, never from the caller.

import { AppError } from '#contract/errors'
import type {
  ListedEntry,
  OwnEntry,
  Registration,
  RegistryChange,
  RegistryList,
  WrittenEntry,
} from '#contract/registry'
import { REGISTRY_VERSION } from '#contract/versions'
import type { ProcessTable } from '../os/process-facts.ts'
import { changeEntry, makeEntry } from './own-entry.ts'
import { checkOwner, checkPort, homeFor, processOf, type RegistrationChecks } from './registration-checks.ts'
import type { EntryStatus, RegistryEntry } from './registry-entry.ts'
import type { EntryWriter } from './write-entry.ts'

/** The shared registry. Ids are those of listed entries; only our own entries can be changed. */
export interface RegistryService {
  list(): Promise<RegistryList>
  register(registration: Registration): Promise<WrittenEntry>
  touch(entryId: string): Promise<WrittenEntry>
  update(entryId: string, change: RegistryChange): Promise<WrittenEntry>
  /** Returns the removed entry. */
  deregister(entryId: string): Promise<WrittenEntry>
}

/** An entry with the status of its process. */
export interface JoinedEntryView {
  id: string
  entry: RegistryEntry
  instanceId: string | null
  status: EntryStatus | null
}

export interface RegistryServiceDeps extends RegistrationChecks {
  writer: EntryWriter
  table(): Promise<ProcessTable>
  /** Scans everything now. */
  scan(): Promise<unknown>
  /** Of the last scan. */
  entries(): readonly JoinedEntryView[]
  problems(): readonly string[]
  pidNamespace: string | null
  nowMs(): number
}

/** Returns the service of one deck. Errors: `process-not-found`, `entry-not-found`, `bad-input`, and those of writing. */
export function createRegistryService(deps: RegistryServiceDeps): RegistryService {
  /** Our own entry of that id, of a scan now. */
  async function find(id: string): Promise<{ file: string; identity: string }> {
    await deps.scan()
    const found = deps.entries().find((one) => one.id === id)?.entry
    if (!found?.identity) throw new AppError('entry-not-found', { target: 'that id' })
    return { file: found.file, identity: found.identity }
  }

  async function change(id: string, asked: RegistryChange): Promise<WrittenEntry> {
    checkPort(deps, asked.port)
    const { file, identity } = await find(id)
    if (asked.port != null) {
      const table = await deps.table()
      const process = [...table.byPid.values()].find((one) => one.identity === identity)
      if (process) await checkOwner(deps, process, asked.port, table)
    }
    const entry = await deps.writer.change(file, identity, (before) =>
      changeEntry(before, asked, deps.nowMs()),
    )
    return written(entry, file)
  }

  function written(entry: OwnEntry, file: string): WrittenEntry {
    // The next scan shows it; the caller does not wait for that.
    deps.scan().catch(() => undefined)
    return { schema: REGISTRY_VERSION, entry, file }
  }

  return {
    async list() {
      await deps.scan()
      return {
        schema: REGISTRY_VERSION,
        entries: deps.entries().map(listed),
        problems: [...deps.problems()],
      }
    },
    async register(registration) {
      checkPort(deps, registration.port)
      const table = await deps.table()
      const process = processOf(deps, registration.pid, table)
      if (registration.port != null) await checkOwner(deps, process, registration.port, table)
      const home = homeFor(deps, process, registration.serenaHome)
      const entry = makeEntry(process, registration, { pidNamespace: deps.pidNamespace, nowMs: deps.nowMs() })
      return written(entry, await deps.writer.put(home, entry))
    },
    touch: (id) => change(id, {}),
    update: change,
    async deregister(id) {
      const { file, identity } = await find(id)
      return written(await deps.writer.remove(file, identity), file)
    },
  }
}

const iso = (epochMs: number | null): string | null =>
  epochMs === null ? null : new Date(epochMs).toISOString()

function listed({ id, entry, status, instanceId }: JoinedEntryView): ListedEntry {
  const { file, serenaHome, shape, pid, startedAtMs, port, projectName, projectRoot, context, modes } = entry
  return {
    id,
    file,
    serenaHome,
    shape,
    pid,
    startedAt: iso(startedAtMs),
    port,
    project: projectName === null ? null : { name: projectName, path: projectRoot },
    context,
    modes: [...modes],
    lastSeenAt: iso(entry.lastSeenAtMs),
    process: status === null ? 'lives' : status.kind === 'unjudgeable' ? 'unknown' : status.kind,
    instanceId,
  }
}
