// Pids that processes carry inside other pid namespaces: a registry file in a home that a container shares names those.
import type { ProcessIdentity, ProcessTable } from '../../facts.ts'
import { parseInnerPids } from './parse-proc.ts'
import { readProcText } from './read-proc.ts'

/** A lookup that remembers: the pids of a process never change. */
export function createInnerPidLookup(): (table: ProcessTable) => ReadonlySet<number> {
  let known = new Map<ProcessIdentity, readonly number[]>()
  return ({ byPid }) => {
    const next = new Map<ProcessIdentity, readonly number[]>()
    for (const { identity, pid } of byPid.values())
      next.set(identity, known.get(identity) ?? parseInnerPids(readProcText(`/proc/${pid}/status`) ?? ''))
    known = next
    return new Set([...known.values()].flat())
  }
}
