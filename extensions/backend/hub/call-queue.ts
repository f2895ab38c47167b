// Calls that wait for one Serena. Clients take turns; the calls of one client stay in order. Pure.

export interface CallQueue<Call> {
  add(owner: string, call: Call): void
  /** Returns whether it was waiting. */
  remove(owner: string, call: Call): boolean
  /** Removes and returns the calls of one client, in order. */
  removeAll(owner: string): readonly Call[]
  /**
   * Removes and returns the next call. The first client whose calls may be sent now has its turn; if its call cannot be sent yet, none
   * is sent: otherwise the calls of others could delay it forever.
   */
  take(mayServe: (owner: string) => boolean, maySend: (call: Call) => boolean): Call | null
  /** The calls of one client, in order. */
  of(owner: string): readonly Call[]
  size(): number
  /** All waiting calls. */
  all(): readonly Call[]
}

/** Creates an empty queue. */
export function createCallQueue<Call>(): CallQueue<Call> {
  /** In the order of their turns; an owner without calls is absent. */
  const turns = new Map<string, Call[]>()

  const without = (owner: string, calls: Call[]): void => {
    if (calls.length === 0) turns.delete(owner)
  }

  return {
    add(owner, call) {
      const calls = turns.get(owner)
      if (calls) calls.push(call)
      else turns.set(owner, [call])
    },
    remove(owner, call) {
      const calls = turns.get(owner) ?? []
      const at = calls.indexOf(call)
      if (at < 0) return false
      calls.splice(at, 1)
      without(owner, calls)
      return true
    },
    removeAll(owner) {
      const calls = turns.get(owner) ?? []
      turns.delete(owner)
      return calls
    },
    take(mayServe, maySend) {
      for (const [owner, calls] of turns) {
        const [call] = calls
        if (call === undefined || !mayServe(owner)) continue
        if (!maySend(call)) return null
        calls.shift()
        turns.delete(owner)
        if (calls.length > 0) turns.set(owner, calls)
        return call
      }
      return null
    },
    of: (owner) => turns.get(owner) ?? [],
    size: () => [...turns.values()].reduce((sum, calls) => sum + calls.length, 0),
    all: () => [...turns.values()].flat(),
  }
}
