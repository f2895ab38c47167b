// The facts of a Linux machine (also inside WSL), from /proc alone.
import type { ProcessSource } from '../../facts.ts'
import { createInnerPidLookup } from './inner-pids.ts'
import { ownPidNamespace, readDetails, readMemory } from './process-details.ts'
import { createProcessList } from './process-list.ts'
import { createListenerLookup } from './process-sockets.ts'
import { createUnownedLookup } from './unowned-listeners.ts'

/** The source for Linux. */
export function createLinuxSource(): ProcessSource {
  const processes = createProcessList()
  const listenersOf = createListenerLookup()
  const unowned = createUnownedLookup()
  const innerPids = createInnerPidLookup()
  return {
    ownUid: process.getuid?.() ?? null,
    pidNamespace: ownPidNamespace(),
    list: processes.list,
    glance: processes.glance,
    details: (fact, variables) => Promise.resolve(readDetails(fact, variables, processes.identityOf)),
    memory: (fact) => Promise.resolve(readMemory(fact, processes.identityOf)),
    listeners: (facts) => Promise.resolve(listenersOf(facts)),
    unownedListeners: (first, last) => Promise.resolve(unowned(first, last)),
    innerPids: (table) => Promise.resolve(innerPids(table)),
  }
}
