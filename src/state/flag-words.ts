// Flags in words. Pure.
import type { Flag, Instance } from '#contract/instance'
import { visibleLine } from '#contract/visible-text'

const FLAG_WORDS: Readonly<Record<Flag, string>> = {
  'probably-orphaned': 'Its client has probably exited.',
  disconnected: 'Its client is running but closed the connection.',
  collision: 'Another instance uses the same project.',
  duplicate: 'The same client started another instance for the same project.',
  stuck: 'One execution has been running for more than 5 minutes.',
  slow: 'It did not answer the last probe.',
  finishing: 'An execution is still running.',
  flapping: 'Its client restarts it repeatedly.',
  exposed: 'It listens on an address that other machines can reach.',
  outdated: 'A newer Serena is installed or published.',
  unexpanded: 'Its client passed a placeholder without expanding it.',
  'program-removed': 'Its program was removed or renamed.',
  'folder-removed': 'Its folder was removed or renamed.',
}

/** Returns the tooltip of a flag: the note of this instance if it has one, else the general meaning. */
export function flagTitle({ flagNotes = [] }: Instance, flag: Flag): string {
  const note = flagNotes.find((one) => one.flag === flag)
  return note
    ? visibleLine([note.text, note.more, note.advice].filter((words) => words !== '').join(' '))
    : FLAG_WORDS[flag]
}

/** Returns the flags without a note. */
export const plainFlags = ({ flags, flagNotes = [] }: Instance): Instance['flags'] =>
  flags.filter((flag) => !flagNotes.some((note) => note.flag === flag))
