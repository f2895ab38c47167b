// Names a process as its user would: `idea64`, `node dev-server.js`, `python -m http.server`. Pure.
import { isInterpreter } from '../lib/interpreters.ts'
import type { ProcessFact } from './process-facts.ts'

const INLINE = /^(-c|-e|-p|-pe|--eval|--print|-[a-z]*c)$/
const MAX_LENGTH = 60

/** Returns the program's name and, of an interpreter, what it runs. */
export function processName({ argv, name }: Pick<ProcessFact, 'argv' | 'name'>): string {
  const [first = '', ...rest] = argv ?? []
  // A server may have written what it does over its arguments (`nginx: master process`); a login shell begins with a hyphen.
  const title = /^([a-z][\w-]+): /.exec(first)?.[1]
  const program = (title ?? baseOf(first)).replace(/^-/, '').replace(/\.exe$/i, '') || name
  const words = isInterpreter(program, 'python', 'javascript', 'shell', 'ruby', 'runtime')
    ? [program, ...scriptOf(rest)]
    : [program]
  const text = words.join(' ')
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH - 1)}…` : text
}

function scriptOf(words: readonly string[]): string[] {
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? ''
    if (word === '-m' || word === '-jar') return [word, baseOf(words[at + 1] ?? '')]
    // The text of a program may hold secrets.
    if (INLINE.test(word)) return []
    if (!word.startsWith('-')) return [baseOf(word)]
  }
  return []
}

const baseOf = (path: string): string => path.split(/[\\/]/).at(-1) ?? path
