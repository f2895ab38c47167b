// The options in front of a command, as most command lines have them: `-it`, `-e NAME=x`, `--name=x`, `--name x`. Pure.

export interface Options {
  /** The last value given under any of the names; null: none. */
  last(...names: string[]): string | null
  all(...names: string[]): string[]
}

/** Names of options without their hyphens, from texts of words. */
export const optionsOf = (...texts: string[]): ReadonlySet<string> =>
  new Set(texts.flatMap((text) => text.split(' ')))

/**
 * Returns the options up to the first word that is none, or to `--`, and the words after that. `listed` are those that take no value
 * (`flags`), or the only ones that take one (`valued`).
 */
export function readOptions(
  words: readonly string[],
  listed: ReadonlySet<string>,
  kind: 'flags' | 'valued',
): { options: Options; rest: readonly string[] } {
  const takesValue = (name: string): boolean => listed.has(name) === (kind === 'valued')
  const found: [string, string][] = []
  let at = 0
  while (at < words.length) {
    const word = words[at] ?? ''
    if (!word.startsWith('-') || word === '-') break
    at++
    if (word === '--') break
    const [name, attached] = nameAndValue(word, takesValue)
    if (name === null) continue
    if (attached !== null) found.push([name, attached])
    else if (at < words.length) found.push([name, words[at++] ?? ''])
  }
  const all = (...names: string[]): string[] =>
    found.filter(([name]) => names.includes(name)).map(([, value]) => value)
  return { options: { all, last: (...names) => all(...names).at(-1) ?? null }, rest: words.slice(at) }
}

/** The option of a word that has a value, and that value if the word holds it; all null: it has none. */
function nameAndValue(
  word: string,
  takesValue: (name: string) => boolean,
): [name: string | null, value: string | null] {
  if (word.startsWith('--')) {
    const [name = '', ...value] = word.slice(2).split('=')
    if (value.length > 0) return [name, value.join('=')]
    return takesValue(name) ? [name, null] : [null, null]
  }
  // Letter by letter, until one takes the rest as its value.
  const letters = word.slice(1)
  for (let at = 0; at < letters.length; at++) {
    const letter = letters[at] ?? ''
    if (letter === '=') return [null, null]
    if (!takesValue(letter)) continue
    const value = letters.slice(at + 1).replace(/^=/, '')
    return [letter, value === '' ? null : value]
  }
  return [null, null]
}
