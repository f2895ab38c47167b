// Which program a process is: a known one of the table, or the words a person would call it by. Pure.
import type { ProcessFact } from '../../facts.ts'
import { remembering } from '../../lib/remembering.ts'
import type { KnownClient } from './known-client.ts'
import { KNOWN_CLIENTS } from './known-clients.ts'

export interface Program {
  /** `Claude Code`, `python client.py`, `bash`. */
  words: string
  known: KnownClient | null
  /** One process serves several windows or sessions: what it starts twice is meant. */
  hasManyWindows: boolean
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
/** Commands and options that make a program a server for several windows or sessions. */
const DAEMON_WORD =
  /^(--)?(app-server|serve|server|daemon|acp|experimental-acp|agent-server|exec-server|mcp-server|ui-server)$|^web$/
const DAEMON_NAME = /(^|[-_])(acp|language[-_]server|app-server|agent-server|agent-host)([-_.]|$)/

/** The program a process runs. Every list asks for the same clients again. */
export const programOf = remembering(recognise)

function recognise(process: Pick<ProcessFact, 'argv' | 'name'>): Program {
  const [first = '', ...rest] = process.argv ?? []
  const path = ownPath(first) || process.name
  const name = nameOf(path)
  const script = INTERPRETER.test(name) ? scriptOf(rest) : null
  const words = script === null ? rest : rest.slice(script.at + 1)
  const named = { path, name, script, words: rest, subcommand: words.find((word) => !word.startsWith('-')) }
  const row = KNOWN_CLIENTS.find((client) => matches(client, named)) ?? null
  const hasManyWindows = row?.hasManyWindows ?? isDaemon(script?.path ?? path, words)
  const known = row && hasManyWindows && row.kind === 'agent' ? asDaemon(row) : row
  return { known, words: known?.name ?? wordsOf(path, name, script?.path ?? null), hasManyWindows }
}

/** A daemon of an agent is like an app: its own folder and terminal are no window's. */
const asDaemon = (row: KnownClient): KnownClient => ({
  ...row,
  kind: 'app',
  name: row.daemonName ?? row.name,
})

/** A program that runs as a server for windows, editors or sessions: `codex app-server`, `opencode serve`, `gemini --acp`. */
const isDaemon = (path: string, words: readonly string[]): boolean =>
  DAEMON_NAME.test(nameOf(path)) || argumentsOf(words).some((word) => DAEMON_WORD.test(word))

/** What follows a `--` belongs to another program. */
const argumentsOf = (words: readonly string[]): readonly string[] =>
  words.includes('--') ? words.slice(0, words.indexOf('--')) : words

/** True for a helper of an Electron app: it is not the app's main process. */
export const isHelper = ({ argv }: Pick<ProcessFact, 'argv'>): boolean =>
  argv?.some((word) => /(^| )--type=/.test(word)) ?? false

interface Script {
  path: string
  /** `python -m name`. */
  isModule: boolean
  /** Where it stands among the arguments. */
  at: number
}

interface Named {
  path: string
  name: string
  script: Script | null
  words: readonly string[]
  subcommand: string | undefined
}

function matches(client: KnownClient, { path, name, script, words, subcommand }: Named): boolean {
  if (client.subcommand && !client.subcommand.test(subcommand ?? '')) return false
  if (client.program?.test(name) || client.path?.test(path)) return true
  if (script !== null && (client.path?.test(script.path) || client.program?.test(commandNameOf(script))))
    return true
  return words.some((word) => client.word?.test(word))
}

/** The command that a script without an extension is, as npm's and pip's starters are: `node …/.bin/gemini`. Else empty. */
function commandNameOf({ path, isModule }: Script): string {
  const name = nameOf(path)
  return isModule || name.includes('.') ? '' : name
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
function scriptOf(words: readonly string[]): Script | null {
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? ''
    const module = words[at + 1]
    if (word === '-m') return module === undefined ? null : { path: module, isModule: true, at: at + 1 }
    if (INLINE.test(word)) return null
    if (VALUED.includes(word)) at++
    else if (!word.startsWith('-') && word !== 'run')
      return { path: word.replaceAll('\\', '/'), isModule: false, at }
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
