// The id of a registry entry without a process.
import { instanceId } from '../serena/instance-id.ts'
import type { RegistryEntry } from './registry-entry.ts'

/** Returns an id from where and when the entry was written. */
export function entryId({ serenaHome, pid, startedAtMs }: RegistryEntry): string {
  return instanceId(`entry:${serenaHome}:${pid}:${startedAtMs}`, pid)
}
