// The entries of registry files, read and published: plain data.

import type { State } from '#contract/instance'
import type { EntryFlags } from '#contract/registry'
import type { ProcessIdentity } from '../os/process-identity.ts'

/** One entry of a registry file: a claim that is checked against the processes. */
export interface RegistryEntry {
  /** The file that has it. */
  file: string
  serenaHome: string
  /** `own`: `instances.d/`; `a`, `b`, `c`: the foreign shapes of `instances.json`. */
  shape: 'own' | 'a' | 'b' | 'c'
  pid: number
  port: number | null
  /** Epoch milliseconds. Own entries: start of the process; foreign ones: time of registration. */
  startedAtMs: number | null
  /** Own entries only. */
  identity: ProcessIdentity | null
  /** Own entries: the pid namespace they were written in. */
  pidNamespace: string | null
  projectName: string | null
  projectRoot: string | null
  context: string | null
  modes: readonly string[]
  lastSeenAtMs: number | null
  /** Own entries of instances under `wrap`: the flags of `wrap`. */
  flags?: EntryFlags | null
  /** Own entries that `wrap` wrote: they are removed with their process. */
  isDerived?: boolean
}

export interface RegistryReading {
  entries: readonly RegistryEntry[]
  /** What could not be read, with the file's path. */
  problems: readonly { file: string; text: string }[]
}

/** The part of an instance that is published in `instances.json`. */
export interface PublishedInstance {
  pid: number
  port: number
  startedAtMs: number
  projectName: string | null
  projectRoot: string | null
  context: string | null
  modes: readonly string[]
  state: State
}

/** The status of the process that a registry entry names. */
export type EntryStatus =
  | { kind: 'gone' }
  | { kind: 'defunct' }
  | { kind: 'reused'; by: string }
  | { kind: 'unjudgeable'; why: string }
