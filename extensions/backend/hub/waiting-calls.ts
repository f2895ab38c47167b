// The requests of clients that one Serena has not got yet. Tool calls take turns; all others go first, and hold back nothing. Pure.
import type { Call } from './call.ts'
import { createCallQueue } from './call-queue.ts'

export interface WaitingCalls {
  add(call: Call): void
  /** Removes a request of a client. */
  cancel(owner: string, idKey: string): void
  /** Removes all requests of a client. */
  abandon(owner: string): void
  /** Removes and returns the next one that may be sent now; null: none. */
  next(mayServe: (owner: string) => boolean, maySend: (call: Call) => boolean): Call | null
  /** Removes and returns all. */
  takeAll(): readonly Call[]
  /** Tool calls of one client, in order. */
  toolCalls(owner: string): readonly Call[]
  isEmpty(): boolean
}

/** Creates an empty one. */
export function createWaitingCalls(): WaitingCalls {
  const toolCalls = createCallQueue<Call>()
  const others = new Set<Call>()

  function takeOther(): Call | null {
    const [call = null] = others
    if (call) others.delete(call)
    return call
  }

  function takeOthers(): readonly Call[] {
    const calls = [...others]
    others.clear()
    return calls
  }

  return {
    add(call) {
      if (call.tool === null) others.add(call)
      else toolCalls.add(call.owner, call)
    },
    cancel(owner, idKey) {
      for (const call of others) if (call.owner === owner && call.idKey === idKey) others.delete(call)
      const call = toolCalls.of(owner).find((one) => one.idKey === idKey)
      if (call) toolCalls.remove(owner, call)
    },
    abandon(owner) {
      for (const call of others) if (call.owner === owner) others.delete(call)
      toolCalls.removeAll(owner)
    },
    next: (mayServe, maySend) => takeOther() ?? toolCalls.take(mayServe, maySend),
    takeAll() {
      const owners = new Set(toolCalls.all().map(({ owner }) => owner))
      return [...takeOthers(), ...[...owners].flatMap(toolCalls.removeAll)]
    },
    toolCalls: toolCalls.of,
    isEmpty: () => others.size === 0 && toolCalls.size() === 0,
  }
}
