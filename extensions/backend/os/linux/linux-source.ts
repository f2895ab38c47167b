// The facts of a Linux machine (also inside WSL), from /proc alone.
import type { ProcessSource } from '../../facts.ts'
import { nextTurn } from '../../lib/turn.ts'
import { connectionOwner } from './connection-owner.ts'
import { createInnerPidLookup } from './inner-pids.ts'
import { ownPidNamespace } from './pid-namespace.ts'
import { createDetailsReader, readMemory } from './process-details.ts'
import { createProcessList } from './process-list.ts'
import { createListenerLookup } from './process-sockets.ts'
import { createUnownedLookup } from './unowned-listeners.ts'
import { createWireLookup } from './wire.ts'

/** The source for Linux. */
export function createLinuxSource(): ProcessSource {
  const processes = createProcessList()
  const readDetails = createDetailsReader(processes.identityOf)
  const listenersOf = createListenerLookup()
  const unowned = createUnownedLookup()
  const innerPids = createInnerPidLookup()
  const wires = createWireLookup({ identityOf: processes.identityOf })
  return {
    ownUid: process.getuid?.() ?? null,
    pidNamespace: ownPidNamespace(),
    list: processes.list,
    glance: processes.glance,
    async details(fact, variables) {
      await nextTurn()
      return readDetails(fact, variables)
    },
    async memory(fact) {
      await nextTurn()
      return readMemory(fact, processes.identityOf)
    },
    listeners: listenersOf,
    ownsConnection: (owner, ends) => connectionOwner(owner, ends, processes.identityOf),
    unownedListeners: unowned,
    innerPids,
    async wire(fact, tree) {
      await nextTurn()
      return wires.look(fact, tree)
    },
    hasLostReader: wires.hasLostReader,
    notice() {
      const problem = wires.problem()
      return (
        problem &&
        `Orphans with pipes cannot be proven here: the native calls are not available (${problem}). They are flagged instead, and ended only by hand.`
      )
    },
  }
}
