// One entry of ours: what is in it, and how its file is called. Pure; without the schemas, which `wrap` is too small for.
import type { OwnEntry, Registration, RegistryChange } from '#contract/registry'
import type { ProcessFact } from '../../facts.ts'

export type EntryProcess = Pick<ProcessFact, 'pid' | 'identity' | 'startedAtMs'>

/** `<pid>-<start>.json`; the start is the identity's last part: kernel ticks on Linux, which no change of the clock moves. */
export function entryFileName({ pid, identity }: Pick<EntryProcess, 'pid' | 'identity'>): string {
  const start = identity.split(':').at(-1) ?? ''
  return `${pid}-${start.replace(/[^\w.-]/g, '_')}.json`
}

/** A fresh entry of a process. */
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

/** The entry with the change; keys that we do not know stay. */
export function changeEntry(entry: OwnEntry, change: RegistryChange, nowMs: number): OwnEntry {
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
  return { ...entry, ...given, updatedAt: nowMs }
}
