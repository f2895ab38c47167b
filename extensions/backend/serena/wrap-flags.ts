// The flags of `wrap` and `connect`, and where Serena's command begins: the first word that is not such a flag. Some clients drop the
// `--` of a configured command line, or keep only what follows the last one, so nothing depends on it. Pure.
import { HOME_SETTINGS } from '#contract/settings-table'

const flagsOf = (isSwitch: boolean): readonly string[] =>
  HOME_SETTINGS.flatMap(({ flag, kind }) => (flag !== null && (kind === 'switch') === isSwitch ? [flag] : []))
/** Flags whose value may be omitted. */
export const SWITCH_FLAGS = flagsOf(true)
export const VALUE_FLAGS = flagsOf(false)

/** The flags of one command. */
export interface FlagNames {
  switches: readonly string[]
  valued: readonly string[]
}

const WRAP: FlagNames = { switches: SWITCH_FLAGS, valued: VALUE_FLAGS }
export const PRIVATE_FLAG = '--private'
export const SHARE_AS_FLAG = '--share-as'
export const CONNECT: FlagNames = {
  switches: [...SWITCH_FLAGS, PRIVATE_FLAG],
  valued: [...VALUE_FLAGS, SHARE_AS_FLAG],
}

const TRUE_WORDS: readonly string[] = ['true', '1', 'yes', 'on', 't', 'y']
const FALSE_WORDS: readonly string[] = ['false', '0', 'no', 'off', 'f', 'n']

/** Parses the value of a switch; null: it is not a valid value. */
export function parseSwitch(word: string): boolean | null {
  if (TRUE_WORDS.includes(word.toLowerCase())) return true
  return FALSE_WORDS.includes(word.toLowerCase()) ? false : null
}

export interface SplitWrapArguments {
  /** The words before Serena's command, without any `--`. */
  flags: string[]
  /** The command with all words after it; empty: there is none. */
  command: string[]
}

/** Splits the words after `wrap` or `connect` at the first one that is neither a flag of it, nor the value of one, nor `--`. */
export function splitWrapArguments(words: readonly string[], names = WRAP): SplitWrapArguments {
  const flags: string[] = []
  let at = 0
  while (at < words.length) {
    const word = words[at] ?? ''
    const length = word === '--' ? 1 : flagLength(word, words[at + 1], names)
    if (length === 0) break
    if (word !== '--') flags.push(...words.slice(at, at + length))
    at += length
  }
  return { flags, command: words.slice(at) }
}

/** Returns how many words a flag takes together with its value; 0: the word is no such flag. */
export function flagLength(word: string, next: string | undefined, names = WRAP): 0 | 1 | 2 {
  const equals = word.indexOf('=')
  const name = equals < 0 ? word : word.slice(0, equals)
  if (names.valued.includes(name)) return equals < 0 && next !== undefined ? 2 : 1
  if (!names.switches.includes(name)) return 0
  return equals < 0 && next !== undefined && parseSwitch(next) !== null ? 2 : 1
}
