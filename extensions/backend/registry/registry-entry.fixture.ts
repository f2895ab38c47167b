// A registry entry, for tests.
import type { RegistryEntry } from './registry-entry.ts'

/** One of another program, which says nothing but the process. */
export const registryEntry = (change: Partial<RegistryEntry> = {}): RegistryEntry => ({
  file: '/home/ana/.serena/instances.json',
  serenaHome: '/home/ana/.serena',
  shape: 'c',
  pid: 24_284,
  port: 24_282,
  startedAtMs: 0,
  identity: null,
  pidNamespace: null,
  projectName: null,
  projectRoot: null,
  context: null,
  modes: [],
  lastSeenAtMs: null,
  ...change,
})
