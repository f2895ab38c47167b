// The requests that were sent to one Serena, by the ids under which it knows them. Pure, apart from its clock.
import type { Call } from './call.ts'

export interface SentCalls {
  add(id: number, call: Call): void
  /** Returns the newest running request of a client with this id of its own. */
  find(owner: string, idKey: string): readonly [id: number, call: Call] | null
  /** Null: it is not running. */
  running(id: number): Call | null
  /** Removes a request that is answered, also one that was put aside; null: it is unknown. */
  settle(id: number): Call | null
  /** It counts as ended, but its answer may still arrive. */
  putAside(id: number, call: Call): void
  /** Puts aside the tool calls that have been running for at least this long; returns them. */
  giveUp(ms: number): readonly Call[]
  /** Drops the answers to a client. */
  abandon(owner: string): void
  /** Removes all; returns those whose client waits for the answer. */
  lose(): readonly Call[]
  /** Running tool calls. */
  toolCalls(): readonly Call[]
  /** How long the oldest tool call is running; null: none is. */
  longestMs(): number | null
  /** Clients that wait for an answer. */
  owners(): ReadonlySet<string>
}

/** Canceled and given up requests whose answer may still arrive. */
const MOST_ASIDE = 256

/** Creates an empty table. `now`: milliseconds in which this process was running. */
export function createSentCalls(now: () => number): SentCalls {
  const running = new Map<number, Call>()
  const aside = new Map<number, Call>()

  const ageMs = ({ sentAtMs }: Call): number => now() - sentAtMs
  const toolCalls = (): Call[] => [...running.values()].filter(({ tool }) => tool !== null)
  const awaited = (): Call[] => [...running.values()].filter(({ isAbandoned }) => !isAbandoned)

  function putAside(id: number, call: Call): void {
    running.delete(id)
    aside.set(id, call)
    for (const old of [...aside.keys()].slice(0, -MOST_ASIDE)) aside.delete(old)
  }

  return {
    add(id, call) {
      call.attempts++
      call.sentAtMs = now()
      running.set(id, call)
    },
    find: (owner, idKey) =>
      [...running].filter(([, call]) => call.owner === owner && call.idKey === idKey).at(-1) ?? null,
    running: (id) => running.get(id) ?? null,
    settle(id) {
      const call = running.get(id) ?? aside.get(id) ?? null
      running.delete(id)
      aside.delete(id)
      return call
    },
    putAside,
    giveUp(ms) {
      const given = [...running].filter(([, call]) => call.tool !== null && ageMs(call) >= ms)
      for (const [id, call] of given) putAside(id, call)
      return given.map(([, call]) => call)
    },
    abandon(owner) {
      for (const call of [...running.values(), ...aside.values()])
        if (call.owner === owner) call.isAbandoned = true
    },
    lose() {
      const calls = awaited()
      running.clear()
      aside.clear()
      return calls
    },
    toolCalls,
    longestMs() {
      const ages = toolCalls().map(ageMs)
      return ages.length === 0 ? null : Math.max(...ages)
    },
    owners: () => new Set(awaited().map(({ owner }) => owner)),
  }
}
