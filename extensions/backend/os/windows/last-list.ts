// The last complete list of the processes of a Windows machine, and what could not be read of them, in a sentence for the user.
import type { ProcessFact } from '../process-facts.ts'
import { lostParents } from './parse-processes.ts'

/** Programs that a Serena may be: an unreadable command line of these is reported, one of a service is not. */
const MAY_BE_SERENA = /^(serena.*|python[\d.]*w?|pypy[\d.]*w?|uvx?|uvw|pipx)\.exe$/i

export interface ListAnswers {
  /** A sentence why the parent that a process names is no longer its parent; null: it is, or that is not known. */
  whyParentless(process: ProcessFact): string | null
  /** The working set as last listed; null: not listed, or not known. */
  rssBytes(process: ProcessFact): number | null
  /** A sentence about what cannot be read; null: everything can. */
  notice(): string | null
}

export interface LastList extends ListAnswers {
  /** Takes the next complete list; `facts`: with the parents that the processes name, `byPid`: with their true ones. */
  take(facts: readonly ProcessFact[], byPid: ReadonlyMap<number, ProcessFact>): void
}

/** Creates a memory without a list. */
export function createLastList(): LastList {
  let latest: ReadonlyMap<number, ProcessFact> = new Map()
  /** By identity. */
  let parentless: ReadonlyMap<string, string> = new Map()
  let unreadable: ReadonlySet<string> = new Set()
  let missed: readonly ProcessFact[] = []
  return {
    take(facts, byPid) {
      latest = byPid
      parentless = lostParents(facts)
      const unread = [...byPid.values()].filter(({ argv, name }) => argv === null && MAY_BE_SERENA.test(name))
      // A process that is exiting has no command line either: only one that is unreadable twice is reported.
      missed = unread.filter(({ identity }) => unreadable.has(identity))
      unreadable = new Set(unread.map(({ identity }) => identity))
    },

    whyParentless: ({ identity }) => parentless.get(identity) ?? null,

    rssBytes({ pid, identity }) {
      const fact = latest.get(pid)
      return fact?.identity === identity ? fact.rssBytes : null
    },

    notice() {
      const all = [...latest.values()]
      if (all.length > 0 && all.every(({ argv }) => argv === null))
        return `Cannot read the command line of any of the ${all.length} processes; Serena instances among them are not listed.`
      return missed.length === 0 ? null : missedText(missed)
    },
  }
}

function missedText(missed: readonly ProcessFact[]): string {
  const names = [...new Set(missed.map(({ name }) => name))].sort().join(', ')
  const whose = missed.length === 1 ? 'line of 1 process' : `lines of ${missed.length} processes`
  return `Cannot read the command ${whose} (${names}); Serena instances among them are not listed.`
}
