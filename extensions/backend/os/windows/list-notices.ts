// What a list of processes could not read, in sentences for the user.
import type { ProcessFact } from '../process-facts.ts'

/** Programs that a Serena may be: an unreadable command line of these is reported, one of a service is not. */
const MAY_BE_SERENA = /^(serena.*|python[\d.]*w?|pypy[\d.]*w?|uvx?|uvw|pipx)\.exe$/i

export interface ListNotices {
  /** Takes the next complete list. */
  note(byPid: ReadonlyMap<number, ProcessFact>): void
  /** Null: everything could be read. */
  text(latest: ReadonlyMap<number, ProcessFact>): string | null
}

export function createListNotices(): ListNotices {
  let unreadable: ReadonlySet<string> = new Set()
  let missed: readonly ProcessFact[] = []
  return {
    note(byPid) {
      const unread = [...byPid.values()].filter(({ argv, name }) => argv === null && MAY_BE_SERENA.test(name))
      // A process that is exiting has no command line either: only one that is unreadable twice is reported.
      missed = unread.filter(({ identity }) => unreadable.has(identity))
      unreadable = new Set(unread.map(({ identity }) => identity))
    },

    text(latest) {
      const all = [...latest.values()]
      if (all.length > 0 && all.every(({ argv }) => argv === null))
        return `Cannot read the command lines of all ${all.length} processes; Serena instances among them are not listed.`
      if (missed.length === 0) return null
      const names = [...new Set(missed.map(({ name }) => name))].sort().join(', ')
      const whose = missed.length === 1 ? 'line of 1 process' : `lines of ${missed.length} processes`
      return `Cannot read the command ${whose} (${names}); Serena instances among them are not listed.`
    },
  }
}
