// The facts of a Linux machine (also inside WSL), from /proc alone.

import { nextTurn } from '../../lib/next-turn.ts'
import type { ProcessSource } from '../process-facts.ts'
import { connectionOwner } from './connection-owner.ts'
import { createInnerPidLookup } from './inner-pids.ts'
import { createNetworkUseLookup } from './network-use.ts'
import { ownPidNamespace } from './pid-namespace.ts'
import { createDetailsReader, readMemory, readProgram } from './process-details.ts'
import { createProcessList } from './process-list.ts'
import { createListenerLookup } from './process-sockets.ts'
import { createStdioLookup } from './stdio-connection.ts'
import { createUnownedLookup } from './unowned-listeners.ts'

/** Creates the source for Linux. */
export function createLinuxSource(): ProcessSource {
  const processes = createProcessList()
  const readDetails = createDetailsReader(processes.identityOf)
  const listenersOf = createListenerLookup()
  const unowned = createUnownedLookup()
  const networkUse = createNetworkUseLookup()
  const innerPids = createInnerPidLookup()
  const connections = createStdioLookup({ identityOf: processes.identityOf })
  return {
    ownUid: process.getuid?.() ?? null,
    pidNamespace: ownPidNamespace(),
    list: processes.list,
    quickScan: processes.quickScan,
    async details(fact, variables) {
      await nextTurn()
      return readDetails(fact, variables)
    },
    program: (fact) => Promise.resolve(readProgram(fact, processes.identityOf)),
    async memory(fact) {
      await nextTurn()
      return readMemory(fact, processes.identityOf)
    },
    listeners: listenersOf,
    ownsConnection: (owner, ends) => connectionOwner(owner, ends, processes.identityOf),
    unownedListeners: unowned,
    innerPids,
    networkUse,
    async connection(fact, tree) {
      await nextTurn()
      return connections.read(fact, tree)
    },
    hasLostReader: connections.hasLostReader,
    notice() {
      const problem = connections.problem()
      return (
        problem &&
        `Cannot confirm orphans that use pipes: native calls are not available (${problem}). Such instances are flagged instead and ended only on request.`
      )
    },
  }
}
