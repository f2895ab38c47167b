// Which program a process is: a known one of the table, or the words a person would call it by. Pure.
import type { ProcessFact } from '../../facts.ts'
import { remembering } from '../../lib/remembering.ts'
import { KNOWN_CLIENTS, type KnownClient } from './known-clients.ts'

export interface Program {
  /** `Claude Code`, `python client.py`, `bash`. */
  words: string
  known: KnownClient | null
}

const INTERPRETER =
  /^(python|pypy)[\d.]*w?$|^(node|nodejs|bun|deno|ruby|perl|electron\d*)$|^(ba|da|z|k|a|fi)?sh$/
/** Options before the script that take a value of their own. */
const VALUED: readonly string[] = [
  '-X',
  '-W',
  '-r',
  '--require',
  '--import',
  '--loader',
  '--env-file',
  '-O',
  '-o',
]
/** What follows is the program text itself. */
const INLINE = /^(-c|-e|-p|-pe|--eval|--print|-[a-z]*c)$/
/** Names that say nothing without their folder. */
const BARE_SCRIPT = /^(index|main|cli|__main__)\.\w+$/
const MAX_WORDS = 60

/** The program a process runs. Every list asks for the same clients again. */
export const programOf = remembering(recognise)

function recognise(process: Pick<ProcessFact, 'argv' | 'name'>): Program {
  const [first = '', ...rest] = process.argv ?? []
  const path = ownPath(first) || process.name
  const name = nameOf(path)
  const isInterpreter = INTERPRETER.test(name)
  const script = isInterpreter ? scriptOf(rest) : null
  const known = KNOWN_CLIENTS.find((client) => matches(client, { path, name, script, words: rest })) ?? null
  return { known, words: known?.name ?? wordsOf(path, name, script) }
}

/** True for a helper of an Electron app: it is not the app's main process. */
export const isHelper = ({ argv }: Pick<ProcessFact, 'argv'>): boolean =>
  argv?.some((word) => /(^| )--type=/.test(word)) ?? false

interface Named {
  path: string
  name: string
  script: string | null
  words: readonly string[]
}

function matches(client: KnownClient, { path, name, script, words }: Named): boolean {
  if (client.program?.test(name) || client.path?.test(path)) return true
  if (script !== null && client.path?.test(script)) return true
  return words.some((word) => client.word?.test(word))
}

/**
 * A path with slashes. Chromium writes all arguments of a helper into one word; a login shell's begins with a hyphen; a server
 * may have written what it does over its arguments (`sshd: ana@pts/5`).
 */
function ownPath(word: string): string {
  const title = /^([a-z][\w-]+): /.exec(word)?.[1]
  return title ?? (word.split(' --')[0] ?? '').replaceAll('\\', '/').replace(/^-/, '')
}

const nameOf = (path: string): string =>
  (path.split('/').at(-1) ?? '').replace(/\.(exe|cmd|bat)$/i, '').toLowerCase()

/** The script or module an interpreter runs; null: none is named. */
function scriptOf(words: readonly string[]): string | null {
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? ''
    if (word === '-m') return words[at + 1] ?? null
    if (INLINE.test(word)) return null
    if (VALUED.includes(word)) at++
    else if (!word.startsWith('-') && word !== 'run') return word.replaceAll('\\', '/')
  }
  return null
}

function wordsOf(path: string, name: string, script: string | null): string {
  const program = INTERPRETER.test(name)
    ? name.replace(/^(python|pypy)[\d.]*w?$/, '$1').replace('nodejs', 'node')
    : (path.split('/').at(-1) ?? path).replace(/\.exe$/i, '')
  const words = script === null ? program : `${program} ${scriptWords(script)}`
  return words.length > MAX_WORDS ? `${words.slice(0, MAX_WORDS - 1)}…` : words
}

function scriptWords(script: string): string {
  const parts = script.split('/')
  const own = parts.at(-1) ?? script
  return BARE_SCRIPT.test(own) && parts.length > 1 ? parts.slice(-2).join('/') : own
}
