// Processes and registry entries -> the Serena or the status of each entry. Pure.

import { isDefunct } from '../os/defunct.ts'
import type { ProcessTable } from '../os/process-facts.ts'
import type { ProcessIdentity } from '../os/process-identity.ts'
import type { SerenaProcess } from '../serena/serena-process.ts'
import type { EntryStatus, RegistryEntry } from './registry-entry.ts'

/** A foreign entry is written after its process has started: a process that started later than this is another one. */
const REGISTRATION_SLACK_MS = 2_000

export interface JoinedEntry {
  entry: RegistryEntry
  /** The running Serena of the entry; null: see `status`. */
  serena: SerenaProcess | null
  status: EntryStatus | null
}

export interface JoinInput {
  table: ProcessTable
  /** All Serenas that were found, also those that are not shown. */
  serenas: readonly SerenaProcess[]
  entries: readonly RegistryEntry[]
  /** Ours; null if the platform has none. */
  pidNamespace: string | null
  /** Pids of local processes in other pid namespaces: a container that shares the home writes those. */
  innerPids: ReadonlySet<number>
  /** Serenas in local sandboxes, by identity: their entries have the pid of the sandbox. */
  inside?: ReadonlyMap<ProcessIdentity, Inside>
}

export interface Inside {
  pid: number
  namespace: string
  serenaHome: string | null
}

/** Returns the Serena or the status of each entry. A missing process proves nothing while the table is incomplete. */
export function joinRegistry(input: JoinInput): JoinedEntry[] {
  const { table, serenas, entries, pidNamespace, innerPids, inside = new Map() } = input
  const byPid = new Map<number, SerenaProcess>()
  for (const serena of serenas) {
    byPid.set(serena.process.pid, serena)
    for (const wrapper of serena.wrappers) if (!byPid.has(wrapper.pid)) byPid.set(wrapper.pid, serena)
  }
  return entries.map((entry) => {
    const serena = byPid.get(entry.pid)
    const found = statusOf(entry, table, serena, pidNamespace)
    const sandboxed = found === null ? undefined : serenas.find((one) => isOfInside(entry, one, inside))
    if (sandboxed) return { entry, serena: sandboxed, status: null }
    const status =
      isOver(found) && entry.identity === null && innerPids.has(entry.pid) ? insideStatus(entry) : found
    return { entry, serena: status === null ? (serena ?? null) : null, status }
  })
}

/** Returns true if the entry was written in a sandbox, by the Serena in it. */
function isOfInside(
  entry: RegistryEntry,
  { process }: SerenaProcess,
  inside: ReadonlyMap<ProcessIdentity, Inside>,
): boolean {
  const place = inside.get(process.identity)
  if (place?.pid !== entry.pid) return false
  if (entry.identity !== null)
    return entry.pidNamespace === place.namespace && startOf(entry.identity) === startOf(process.identity)
  return entry.pidNamespace === null && place.serenaHome === entry.serenaHome && !isNewer(process, entry)
}

/** Returns boot and start ticks of an identity, without the pid: they are the same in every pid namespace. */
const startOf = (identity: ProcessIdentity): string => identity.replace(/:\d+(?=:\d+$)/, '')

const isNewer = (process: { startedAtMs: number }, { startedAtMs }: RegistryEntry): boolean =>
  startedAtMs !== null && process.startedAtMs > startedAtMs + REGISTRATION_SLACK_MS

/** Returns true if an entry without a running Serena is listed. A derived entry is removed with its process instead. */
export const isListed = ({ entry, status }: JoinedEntry): boolean =>
  status !== null && !(entry.isDerived === true && isOver(status))

/** Returns the derived entries of processes that are proven to have exited. */
export const staleDerivedEntries = (joined: readonly JoinedEntry[]): RegistryEntry[] =>
  joined.flatMap(({ entry, status }) => (entry.isDerived === true && isOver(status) ? [entry] : []))

const isOver = (status: EntryStatus | null): boolean => status !== null && status.kind !== 'unjudgeable'

const insideStatus = ({ pid }: RegistryEntry): EntryStatus => ({
  kind: 'unjudgeable',
  why: `A process in a local container has pid ${pid} in its own namespace; the entry may refer to that process.`,
})

function statusOf(
  entry: RegistryEntry,
  table: ProcessTable,
  serena: SerenaProcess | undefined,
  pidNamespace: string | null,
): EntryStatus | null {
  if (entry.pidNamespace !== null && entry.pidNamespace !== pidNamespace)
    return {
      kind: 'unjudgeable',
      why: `The entry of process ${entry.pid} was written in another pid namespace.`,
    }
  const process = table.byPid.get(entry.pid)
  if (!process)
    return table.isComplete
      ? { kind: 'gone' }
      : { kind: 'unjudgeable', why: 'The process list is currently incomplete.' }
  if (isDefunct(process)) return { kind: 'defunct' }
  if (entry.identity !== null) {
    if (entry.identity !== process.identity) return { kind: 'reused', by: process.name }
    return serena
      ? null
      : {
          kind: 'unjudgeable',
          why: `Process ${entry.pid} is running, but its command line is not that of Serena.`,
        }
  }
  if (!serena) {
    return process.argv === null
      ? { kind: 'unjudgeable', why: `The command line of process ${entry.pid} cannot be read.` }
      : { kind: 'reused', by: process.name }
  }
  return isNewer(process, entry) ? { kind: 'reused', by: process.name } : null
}
