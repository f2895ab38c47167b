// The registry as the surfaces use it: register, touch, update, deregister, list. Identity comes from the process table, never
// from the caller, and our own port is nobody's dashboard.
import { isAbsolute } from 'node:path'
import { AppError } from '#contract/errors'
import { SCHEMA_VERSION } from '#contract/instance'
import type { ListedEntry, OwnEntry, RegistryChange, RegistryList, WrittenEntry } from '#contract/registry'
import type { EntryFate, ProcessFact, ProcessSource, ProcessTable, RegistryEntry } from '../../facts.ts'
import { isBelow } from '../../lib/process-tree.ts'
import type { RegistryService } from '../../services.ts'
import { changeEntry, makeEntry } from './own-entry.ts'
import type { EntryWriter } from './write-entry.ts'

/** An entry with what became of its process. */
export interface LookedUpEntry {
  id: string
  entry: RegistryEntry
  instanceId: string | null
  fate: EntryFate | null
}

export interface RegistryServiceDeps {
  writer: EntryWriter
  table(): Promise<ProcessTable>
  listeners: ProcessSource['listeners']
  /** Looks at everything now. */
  look(): Promise<unknown>
  /** Of the last look. */
  entries(): readonly LookedUpEntry[]
  problems(): readonly string[]
  /** The home of a process that was found as a Serena; null: not known. */
  homeOf(identity: string): string | null
  ownHome: string
  isInScope(serenaHome: string): boolean
  ownPort(): number | null
  limits: { ownPid: number; ownUid: number | null }
  pidNamespace: string | null
  nowMs(): number
}

/** The service of one deck. Errors: `process-not-found`, `entry-not-found`, `bad-input`, and those of writing. */
export function createRegistryService(deps: RegistryServiceDeps): RegistryService {
  function checkPort(port: number | null | undefined): void {
    if (port != null && port === deps.ownPort())
      throw new AppError('bad-input', { issue: `port ${port} is Serena Deck's own, no dashboard's` })
  }

  /** A launcher's port is that of the Serena below it. */
  async function checkOwner(process: ProcessFact, port: number, table: ProcessTable): Promise<void> {
    const tree = [...table.byPid.values()].filter(({ pid }) => isBelow(pid, process.pid, table))
    const byPid = await deps.listeners(tree)
    const found = tree.map(({ pid }) => byPid.get(pid) ?? null)
    const ports = found.flatMap((listeners) => listeners?.map((one) => one.port) ?? [])
    if (found.includes(null) || ports.includes(port)) return
    const those = [...new Set(ports)].join(', ') || 'none'
    throw new AppError('bad-input', {
      issue: `port ${port} is not process ${process.pid}'s, which listens on ${those}`,
    })
  }

  function processOf(pid: number, table: ProcessTable): ProcessFact {
    if (pid === deps.limits.ownPid)
      throw new AppError('bad-input', { issue: `process ${pid} is Serena Deck itself` })
    const fact = table.byPid.get(pid)
    if (!fact || fact.runState === 'Z' || fact.runState === 'X')
      throw new AppError('process-not-found', { pid })
    if (fact.uid !== null && fact.uid !== deps.limits.ownUid)
      throw new AppError('bad-input', { issue: `process ${pid} belongs to another user` })
    return fact
  }

  function homeFor(fact: ProcessFact, given: string | null | undefined): string {
    const home = given ?? deps.homeOf(fact.identity) ?? deps.ownHome
    if (!isAbsolute(home)) throw new AppError('bad-input', { issue: 'the SERENA_HOME is no absolute path' })
    if (!deps.isInScope(home))
      throw new AppError('bad-input', { issue: 'that SERENA_HOME is not among SERENA_DECK_ONLY_HOMES' })
    return home
  }

  /** Our own entry of that id, of a fresh look. */
  async function find(id: string): Promise<{ file: string; identity: string }> {
    await deps.look()
    const found = deps.entries().find((one) => one.id === id)?.entry
    if (!found?.identity) throw new AppError('entry-not-found', { target: 'that id' })
    return { file: found.file, identity: found.identity }
  }

  async function change(id: string, asked: RegistryChange): Promise<WrittenEntry> {
    checkPort(asked.port)
    const { file, identity } = await find(id)
    if (asked.port != null) {
      const table = await deps.table()
      const process = [...table.byPid.values()].find((one) => one.identity === identity)
      if (process) await checkOwner(process, asked.port, table)
    }
    const entry = await deps.writer.change(file, identity, (before) =>
      changeEntry(before, asked, deps.nowMs()),
    )
    return written(entry, file)
  }

  const written = (entry: OwnEntry, file: string): WrittenEntry => {
    // Whoever looks sees it soon; the caller needs not wait for that.
    deps.look().catch(() => undefined)
    return { schema: SCHEMA_VERSION, entry, file }
  }

  return {
    async list(): Promise<RegistryList> {
      await deps.look()
      return {
        schema: SCHEMA_VERSION,
        entries: deps.entries().map(listed),
        problems: [...deps.problems()],
      }
    },
    async register(registration) {
      checkPort(registration.port)
      const table = await deps.table()
      const fact = processOf(registration.pid, table)
      if (registration.port != null) await checkOwner(fact, registration.port, table)
      const home = homeFor(fact, registration.serenaHome)
      const entry = makeEntry(fact, registration, { pidNamespace: deps.pidNamespace, nowMs: deps.nowMs() })
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

function listed({ id, entry, fate, instanceId }: LookedUpEntry): ListedEntry {
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
    process: fate === null ? 'lives' : fate.kind === 'unjudgeable' ? 'unknown' : fate.kind,
    instanceId,
  }
}
