// The arguments of processes, read once: only an exec changes them. Those of other users' processes that may be a Serena are read by `ps`,
// which runs as root.
import type { ProcessFact } from '../process-facts.ts'
import { identityOf, type NativeProcess } from './native-facts.ts'
import type { NativeReader } from './native-reader.ts'

/** An exec changes arguments and name, but neither pid nor start: of younger processes they are read again in every scan. */
export const YOUNG_MS = 10_000
const MAY_BE_SERENA = /^(serena.*|python[\d.]*|pypy[\d.]*|uvx?|pipx)$/i

/** The arguments of processes by `ps`; a pid that is missing has exited, or is hidden from `ps` too. */
export type ForeignArguments = (pids: readonly number[]) => Promise<ReadonlyMap<number, readonly string[]>>

export interface KnownArgumentsDeps {
  reader: Pick<NativeReader, 'arguments'>
  readForeign: ForeignArguments
  /** Epoch milliseconds. */
  now(): number
}

export interface KnownArguments {
  of(process: NativeProcess): readonly string[] | null
  /** Reads those that native calls may not, once for each process, and puts them into the list. */
  readForeign(byPid: Map<number, ProcessFact>): Promise<void>
  /** Forgets all others. */
  keepOnly(byPid: ReadonlyMap<number, ProcessFact>): void
}

interface Known {
  argv: readonly string[] | null
  /** A program that is started by an exec has another name. */
  name: string
  isFinal: boolean
}

/** Creates a memory without arguments. */
export function createKnownArguments({ reader, readForeign, now }: KnownArgumentsDeps): KnownArguments {
  let known = new Map<string, Known>()
  const asked = new Set<string>()
  return {
    of(process) {
      const identity = identityOf(process)
      const before = known.get(identity)
      if (before?.isFinal && before.name === process.name) return before.argv
      const last = before?.name === process.name ? before.argv : null
      const argv = reader.arguments(process.pid)?.argv ?? last
      const isFinal = now() - process.startedAtUs / 1000 >= YOUNG_MS
      known.set(identity, { argv, name: process.name, isFinal })
      return argv
    },

    async readForeign(byPid) {
      const hidden = [...byPid.values()].filter(
        ({ argv, name, identity }) => argv === null && MAY_BE_SERENA.test(name) && !asked.has(identity),
      )
      if (hidden.length === 0) return
      const found = await readForeign(hidden.map(({ pid }) => pid))
      for (const fact of hidden) {
        asked.add(fact.identity)
        const argv = found.get(fact.pid) ?? null
        if (argv === null) continue
        known.set(fact.identity, { argv, name: fact.name, isFinal: true })
        byPid.set(fact.pid, { ...fact, argv })
      }
    },

    keepOnly(byPid) {
      const running = new Set([...byPid.values()].map(({ identity }) => identity))
      known = new Map([...known].filter(([identity]) => running.has(identity)))
      for (const identity of asked) if (!running.has(identity)) asked.delete(identity)
    },
  }
}
