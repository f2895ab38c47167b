// Facts of processes and facts of registry files -> what each entry's process has become. Pure.
import type { EntryFate, ProcessIdentity, ProcessTable, RegistryEntry, SerenaProcess } from '../../facts.ts'

/** A foreign entry is written after its process began; a process that began later than this is another one. */
const REGISTRATION_SLACK_MS = 2_000

export interface JoinedEntry {
  entry: RegistryEntry
  /** The live Serena that the entry means; else `fate` says what became of it. */
  serena: SerenaProcess | null
  fate: EntryFate | null
}

export interface JoinInput {
  table: ProcessTable
  /** Every Serena found, also those that are not shown. */
  serenas: readonly SerenaProcess[]
  entries: readonly RegistryEntry[]
  /** Ours; null where the platform has none. */
  pidNamespace: string | null
  /** Pids that processes here carry inside other pid namespaces; a container that shares the home writes those. */
  innerPids: ReadonlySet<number>
  /** Serenas in sandboxes of ours, by identity: their entries carry the pid that they have there. */
  inside?: ReadonlyMap<ProcessIdentity, Inside>
}

export interface Inside {
  pid: number
  namespace: string
  serenaHome: string | null
}

/** For each entry the Serena it means, or its fate. Absence proves nothing while the table is incomplete. */
export function joinRegistry(input: JoinInput): JoinedEntry[] {
  const { table, serenas, entries, pidNamespace, innerPids, inside = new Map() } = input
  const byPid = new Map<number, SerenaProcess>()
  for (const serena of serenas) {
    byPid.set(serena.process.pid, serena)
    for (const wrapper of serena.wrappers) if (!byPid.has(wrapper.pid)) byPid.set(wrapper.pid, serena)
  }
  return entries.map((entry) => {
    const serena = byPid.get(entry.pid)
    const found = fateOf(entry, table, serena, pidNamespace)
    const sandboxed = found === null ? undefined : serenas.find((one) => isOfInside(entry, one, inside))
    if (sandboxed) return { entry, serena: sandboxed, fate: null }
    const fate =
      isOver(found) && entry.identity === null && innerPids.has(entry.pid) ? insideOf(entry) : found
    return { entry, serena: fate === null ? (serena ?? null) : null, fate }
  })
}

/** An entry that was written in a sandbox, and means the Serena in it. */
function isOfInside(
  entry: RegistryEntry,
  { process }: SerenaProcess,
  inside: ReadonlyMap<ProcessIdentity, Inside>,
): boolean {
  const place = inside.get(process.identity)
  if (place?.pid !== entry.pid) return false
  if (entry.identity !== null)
    return entry.pidNamespace === place.namespace && startOf(entry.identity) === startOf(process.identity)
  return entry.pidNamespace === null && place.serenaHome === entry.serenaHome && !isYounger(process, entry)
}

/** Boot and start ticks of an identity, without the pid: those are the same in every pid namespace. */
const startOf = (identity: ProcessIdentity): string => identity.replace(/:\d+(?=:\d+$)/, '')

const isYounger = (process: { startedAtMs: number }, { startedAtMs }: RegistryEntry): boolean =>
  startedAtMs !== null && process.startedAtMs > startedAtMs + REGISTRATION_SLACK_MS

/** Whether an entry without a live Serena is shown: one that goes with its process never becomes a row of its own. */
export const isLeft = ({ entry, fate }: JoinedEntry): boolean =>
  fate !== null && !(entry.isDerived === true && isOver(fate))

/** Entries that go with their process, of processes that are proven to be gone. */
export const derivedLeft = (joined: readonly JoinedEntry[]): RegistryEntry[] =>
  joined.flatMap(({ entry, fate }) => (entry.isDerived === true && isOver(fate) ? [entry] : []))

const isOver = (fate: EntryFate | null): boolean => fate !== null && fate.kind !== 'unjudgeable'

const insideOf = ({ pid }: RegistryEntry): EntryFate => ({
  kind: 'unjudgeable',
  why: `A process in a container here has the inner pid ${pid}: the entry may mean that one.`,
})

function fateOf(
  entry: RegistryEntry,
  table: ProcessTable,
  serena: SerenaProcess | undefined,
  pidNamespace: string | null,
): EntryFate | null {
  if (entry.pidNamespace !== null && entry.pidNamespace !== pidNamespace)
    return {
      kind: 'unjudgeable',
      why: `The entry of process ${entry.pid} was written in another pid namespace.`,
    }
  const process = table.byPid.get(entry.pid)
  if (!process)
    return table.isComplete
      ? { kind: 'gone' }
      : { kind: 'unjudgeable', why: 'The list of processes cannot be read whole just now.' }
  if (process.runState === 'Z' || process.runState === 'X') return { kind: 'defunct' }
  if (entry.identity !== null) {
    if (entry.identity !== process.identity) return { kind: 'reused', by: process.name }
    return serena
      ? null
      : { kind: 'unjudgeable', why: `Process ${entry.pid} lives, but its command line is not a Serena's.` }
  }
  if (!serena) {
    return process.argv === null
      ? { kind: 'unjudgeable', why: `The command line of process ${entry.pid} cannot be read.` }
      : { kind: 'reused', by: process.name }
  }
  return isYounger(process, entry) ? { kind: 'reused', by: process.name } : null
}
