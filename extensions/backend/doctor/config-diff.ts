// The diff of a client's configuration as the user sees it: the changed lines, and their neighbors without values. Pure.
import { diffLines } from 'diff'
import { maskText } from '../lib/mask-text.ts'
import { SECRET_WORDS } from '../lib/secret-flag.ts'

const CONTEXT_LINES = 3
/** `"key": "value"`, `key = "value"`: an unchanged line may hold a token of another server. */
const VALUE = /((?:^|[{,\s])"?[\w.-]+"?\s*[:=]\s*)("(?:\\.|[^"\\])*"|'[^']*')/g
/** `"--token", "value"`, on one line or on two. */
const SECRET_FLAG = `"--?[\\w-]*${SECRET_WORDS}[\\w-]*"\\s*,`
const INLINE_SECRET = new RegExp(`(${SECRET_FLAG}\\s*)"(?:\\\\.|[^"\\\\])*"`, 'gi')
const SECRET_FOLLOWS = new RegExp(`${SECRET_FLAG}\\s*$`, 'i')
const TEXT = /"(?:\\.|[^"\\])*"/
const MASK = '"********"'

/** Returns the lines of the diff; lines far from a change are left out. */
export function configDiff(before: string, after: string): string[] {
  const lines = diffLines(before, after).flatMap(({ value, added, removed }) => {
    const sign = added ? '+' : removed ? '-' : ' '
    return value
      .replace(/\r?\n$/, '')
      .split(/\r?\n/)
      .map((line) => sign + (sign === ' ' ? withoutValues(line) : maskLine(line)))
  })
  const masked = lines.map((line, at) =>
    SECRET_FOLLOWS.test(lines[at - 1] ?? '') ? line.replace(TEXT, MASK) : line,
  )
  const changed = lines.flatMap((line, at) => (line.startsWith(' ') ? [] : [at]))
  return masked.filter((_, at) => changed.some((place) => Math.abs(place - at) <= CONTEXT_LINES))
}

const maskLine = (line: string): string => maskText(line.replace(INLINE_SECRET, `$1${MASK}`))

const withoutValues = (line: string): string => maskLine(line.replace(VALUE, `$1${MASK}`))
