// The flags of `wrap` and where the wrapped command begins: the first word that is no flag of `wrap`. Some clients drop the `--` of
// a configured command line, or keep only what follows the last one, so nothing depends on it. Pure.

export const SWITCH_FLAGS: readonly string[] = [
  '--web-dashboard-global',
  '--web-dashboard-global-open-on-launch',
]
export const VALUE_FLAGS: readonly string[] = ['--web-dashboard-global-port', '--idle-shutdown-minutes']
const TRUE_WORDS: readonly string[] = ['true', '1', 'yes', 'on', 't', 'y']
const FALSE_WORDS: readonly string[] = ['false', '0', 'no', 'off', 'f', 'n']

/** Parses the value of a switch; null: it is no such value. */
export function parseSwitch(word: string): boolean | null {
  if (TRUE_WORDS.includes(word.toLowerCase())) return true
  return FALSE_WORDS.includes(word.toLowerCase()) ? false : null
}

export interface SplitWrapWords {
  /** The words before the command, without any `--`. */
  flags: string[]
  /** The command with all that follows it; empty: there is none. */
  command: string[]
}

/** Splits the words after `wrap` at the first one that is neither a flag of `wrap`, nor the value of one, nor `--`. */
export function splitWrapWords(words: readonly string[]): SplitWrapWords {
  const flags: string[] = []
  let at = 0
  while (at < words.length) {
    const word = words[at] ?? ''
    const length = word === '--' ? 1 : flagLength(word, words[at + 1])
    if (length === 0) break
    if (word !== '--') flags.push(...words.slice(at, at + length))
    at += length
  }
  return { flags, command: words.slice(at) }
}

/** Returns how many words a flag of `wrap` takes together with its value; 0: the word is no such flag. */
export function flagLength(word: string, next: string | undefined): 0 | 1 | 2 {
  const equals = word.indexOf('=')
  const name = equals < 0 ? word : word.slice(0, equals)
  if (VALUE_FLAGS.includes(name)) return equals < 0 && next !== undefined ? 2 : 1
  if (!SWITCH_FLAGS.includes(name)) return 0
  return equals < 0 && next !== undefined && parseSwitch(next) !== null ? 2 : 1
}
