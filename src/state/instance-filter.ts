// The filter in the search field: words, `state:red`, `client:claude`, `>500mb`. Pure.
import { formatPort } from '#contract/dashboard-address'
import type { Colour, Instance } from '#contract/instance'

type Match = (instance: Instance) => boolean

/** Words for colors, next to the states themselves. */
const COLOR_WORDS: Readonly<Record<string, Colour>> = {
  green: 'green',
  yellow: 'yellow',
  red: 'red',
  zombie: 'red',
  blue: 'blue',
  grey: 'grey',
  gray: 'grey',
  other: 'grey',
}

const clientsOf = ({ owner, clients = [] }: Instance): (string | null | undefined)[] => [
  owner?.name,
  owner?.detail,
  ...clients.map(({ name }) => name),
]

/** The text that each key searches. */
const TEXTS: Readonly<
  Record<string, (instance: Instance) => readonly (string | number | null | undefined)[]>
> = {
  client: clientsOf,
  owner: clientsOf,
  project: ({ project }) => [project?.name ?? 'none'],
  label: ({ label, note }) => [label, note],
  folder: ({ project }) => [project?.path],
  flag: ({ flags }) => flags,
  version: ({ serenaVersion }) => [serenaVersion],
  context: ({ context }) => [context],
  pid: ({ pid }) => [pid],
  port: (instance) => [instance.port === null ? null : formatPort(instance)],
}

const BYTES: Readonly<Record<string, number>> = { '': 1e6, k: 1e3, m: 1e6, g: 1e9 }

/** A part of a filter: an optional minus, an optional key, and a word or a text between quotation marks. */
const PART = /(-?)(?:([a-z]+):)?(?:"([^"]*)"?|(\S*))/gi

/** Returns a test for instances that fulfill every part of the search. */
export function matchesSearch(search: string): Match {
  const matches = [...search.matchAll(PART)].map(([text, minus, key, quoted, word]): Match => {
    const match = matchOf(key?.toLowerCase(), (quoted ?? word ?? '').toLowerCase(), text.toLowerCase())
    return minus === '-' && match !== null ? (one) => !match(one) : (match ?? (() => true))
  })
  return (instance) => matches.every((match) => match(instance))
}

/** Returns the test of one part; null: it is not complete yet, such as `state:`. `text`: the part as typed. */
function matchOf(key: string | undefined, word: string, text: string): Match | null {
  if (word === '') return null
  if (key === undefined) return sizeMatch(word) ?? ((one) => allText(one).includes(word))
  const words = word.split(',').filter((one) => one !== '')
  if (words.length === 0) return null
  if (key === 'state') return (one) => words.some((state) => isState(one, state))
  const texts = Object.hasOwn(TEXTS, key) ? TEXTS[key] : undefined
  if (texts === undefined) return (one) => allText(one).includes(text.replace(/^-/, ''))
  return (one) =>
    texts(one).some((value) =>
      words.some((part) =>
        String(value ?? '')
          .toLowerCase()
          .includes(part),
      ),
    )
}

/** A state begins with the word; a color is the whole word. */
const isState = ({ state, colour }: Instance, word: string): boolean =>
  COLOR_WORDS[word] === colour || (COLOR_WORDS[word] === undefined && state.startsWith(word))

/** Returns the test of `>500mb`; null: not a size. */
function sizeMatch(word: string): Match | null {
  const [, sign, digits, unit = ''] = /^([<>])(\d+(?:\.\d+)?)([kmg])?b?$/.exec(word) ?? []
  if (sign === undefined) return null
  const limit = Number(digits) * (BYTES[unit] ?? 1e6)
  return ({ memoryBytes }) =>
    memoryBytes !== null && (sign === '>' ? memoryBytes > limit : memoryBytes < limit)
}

function allText(instance: Instance): string {
  const { title, label, note, state, flags, project, owner, port, serenaVersion, context, pid } = instance
  const texts = [title, label, note, state, project?.path, owner?.name, owner?.detail]
  return [...texts, serenaVersion, context, pid, ...flags, port === null ? null : formatPort(instance)]
    .join('\n')
    .toLowerCase()
}

const STATE_PART = /(?:^|\s)state:(\S*)/i

/** Returns the words after the first `state:` of a search. */
export const statesIn = (search: string): string[] =>
  (STATE_PART.exec(search)?.[1] ?? '')
    .toLowerCase()
    .split(',')
    .filter((one) => one !== '')

/** Returns the search with a word added to its `state:`, or removed from it. */
export function toggleState(search: string, word: string): string {
  const before = statesIn(search)
  const states = before.includes(word) ? before.filter((one) => one !== word) : [...before, word]
  const rest = search.replace(STATE_PART, '').trim()
  return [...(states.length === 0 ? [] : [`state:${states.join(',')}`]), ...(rest === '' ? [] : [rest])].join(
    ' ',
  )
}
