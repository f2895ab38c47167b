// Our own registry entry: its content and the name of its file. Pure, and without schemas, to keep `wrap` small.
import type { OwnEntry, Registration, RegistryChange } from '#contract/registry'
import type { ProcessFact } from '../os/process-facts.ts'

export type EntryProcess = Pick<ProcessFact, 'pid' | 'identity' | 'startedAtMs'>

/** Returns `<pid>-<start>.json`; the start is the identity's last part, on Linux kernel ticks, which do not change with the clock. */
export function entryFileName({ pid, identity }: Pick<EntryProcess, 'pid' | 'identity'>): string {
  const start = identity.split(':').at(-1) ?? ''
  return `${pid}-${start.replace(/[^\w.-]/g, '_')}.json`
}

/** Returns a new entry of a process. */
export function makeEntry(
  process: EntryProcess,
  registration: Omit<Registration, 'pid' | 'serenaHome'>,
  { pidNamespace, nowMs }: { pidNamespace: string | null; nowMs: number },
): OwnEntry {
  return {
    schema: 1,
    pid: process.pid,
    startedAt: process.startedAtMs,
    identity: process.identity,
    pidNamespace,
    port: registration.port ?? null,
    project: registration.project ?? null,
    context: registration.context ?? null,
    modes: registration.modes ?? [],
    client: registration.client ?? null,
    ...(registration.flags && { flags: registration.flags }),
    updatedAt: nowMs,
  }
}

/** Returns the changed entry; unknown keys are kept. */
export function changeEntry(entry: OwnEntry, change: RegistryChange, nowMs: number): OwnEntry {
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
  return { ...entry, ...given, updatedAt: nowMs }
}
