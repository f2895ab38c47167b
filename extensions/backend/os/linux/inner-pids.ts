// Pids that processes carry inside other pid namespaces: a registry file in a home that a container shares names those.

import { nextTurn } from '../../lib/next-turn.ts'
import type { ProcessTable } from '../process-facts.ts'
import type { ProcessIdentity } from '../process-identity.ts'
import { parseInnerPids } from './parse-proc.ts'
import { readProcText } from './read-proc.ts'

/** So many files are read in one turn of the loop. */
const AT_ONCE = 32

/** Creates a lookup that remembers: the pids of a process never change. */
export function createInnerPidLookup(): (table: ProcessTable) => Promise<ReadonlySet<number>> {
  let known = new Map<ProcessIdentity, readonly number[]>()
  return async ({ byPid }) => {
    const next = new Map<ProcessIdentity, readonly number[]>()
    let read = 0
    for (const { identity, pid } of byPid.values()) {
      const before = known.get(identity)
      if (before === undefined && ++read % AT_ONCE === 0) await nextTurn()
      next.set(identity, before ?? parseInnerPids(readProcText(`/proc/${pid}/status`) ?? ''))
    }
    known = next
    return new Set([...known.values()].flat())
  }
}
