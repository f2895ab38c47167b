// The program of a process: a known one of the table, or its display name. Pure.

import { isInterpreter } from '../lib/interpreters.ts'
import { memoize } from '../lib/memoize.ts'
import type { ProcessFact } from '../os/process-facts.ts'
import type { KnownClient } from './known-client.ts'
import { KNOWN_CLIENTS } from './known-clients.ts'

export interface Program {
  /** `Claude Code`, `python client.py`, `bash`. */
  label: string
  known: KnownClient | null
  /** One process serves several windows or sessions: it starts an instance for each. */
  hasManyWindows: boolean
}

const runsScripts = (name: string): boolean =>
  isInterpreter(name, 'python', 'javascript', 'shell', 'ruby', 'electron')
/** Options before the script that take a value. */
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
/** The next argument is the text of a program. */
const INLINE = /^(-c|-e|-p|-pe|--eval|--print|-[a-z]*c)$/
/** Names that need their folder. */
const BARE_SCRIPT = /^(index|main|cli|__main__)\.\w+$/
const MAX_LABEL = 60
/** Commands and options that make a program a server for several windows or sessions. */
const DAEMON_WORD =
  /^(--)?(app-server|serve|server|daemon|acp|experimental-acp|agent-server|exec-server|mcp-server|ui-server)$|^web$/
const DAEMON_NAME = /(^|[-_])(acp|language[-_]server|app-server|agent-server|agent-host)([-_.]|$)/

/** Returns the program of a process; memoized, because every scan needs the same clients. */
export const programOf = memoize(findProgram)

function findProgram(process: Pick<ProcessFact, 'argv' | 'name'>): Program {
  const [first = '', ...rest] = process.argv ?? []
  const path = ownPath(first) || process.name
  const name = nameOf(path)
  const script = runsScripts(name) ? scriptOf(rest) : null
  const words = script === null ? rest : rest.slice(script.at + 1)
  const named = { path, name, script, words: rest, subcommand: words.find((word) => !word.startsWith('-')) }
  const row = KNOWN_CLIENTS.find((client) => matches(client, named)) ?? null
  const hasManyWindows = row?.hasManyWindows ?? isDaemon(script?.path ?? path, words)
  const known = row && hasManyWindows && row.kind === 'agent' ? asDaemon(row) : row
  return { known, label: known?.name ?? labelOf(path, name, script?.path ?? null), hasManyWindows }
}

/** A daemon of an agent is like an app: its folder and terminal are not those of a window. */
const asDaemon = (row: KnownClient): KnownClient => ({
  ...row,
  kind: 'app',
  name: row.daemonName ?? row.name,
})

/** A program that runs as a server for windows, editors or sessions: `codex app-server`, `opencode serve`, `gemini --acp`. */
const isDaemon = (path: string, words: readonly string[]): boolean =>
  DAEMON_NAME.test(nameOf(path)) || argumentsOf(words).some((word) => DAEMON_WORD.test(word))

/** Arguments after `--` belong to another program. */
const argumentsOf = (words: readonly string[]): readonly string[] =>
  words.includes('--') ? words.slice(0, words.indexOf('--')) : words

/** Returns true for a helper process of an Electron app. */
export const isHelper = ({ argv }: Pick<ProcessFact, 'argv'>): boolean =>
  argv?.some((word) => /(^| )--type=/.test(word)) ?? false

interface Script {
  path: string
  /** `python -m name`. */
  isModule: boolean
  /** Its index in the arguments. */
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
  return words.some((word) => client.argument?.test(word))
}

/** Returns the command of a script without an extension, such as the starters of npm and pip: `node …/.bin/gemini`. Else empty. */
function commandNameOf({ path, isModule }: Script): string {
  const name = nameOf(path)
  return isModule || name.includes('.') ? '' : name
}

/**
 * Returns a path with slashes. Chromium writes all arguments of a helper into one; that of a login shell begins with a hyphen; a
 * server may have replaced its arguments by a title (`sshd: ana@pts/5`).
 */
function ownPath(word: string): string {
  const title = /^([a-z][\w-]+): /.exec(word)?.[1]
  return title ?? (word.split(' --')[0] ?? '').replaceAll('\\', '/').replace(/^-/, '')
}

const nameOf = (path: string): string =>
  (path.split('/').at(-1) ?? '').replace(/\.(exe|cmd|bat)$/i, '').toLowerCase()

/** Returns the script or module of an interpreter; null: it has none. */
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

function labelOf(path: string, name: string, script: string | null): string {
  const program = runsScripts(name)
    ? name.replace(/^(python|pypy)[\d.]*w?$/, '$1').replace('nodejs', 'node')
    : (path.split('/').at(-1) ?? path).replace(/\.exe$/i, '')
  const label = script === null ? program : `${program} ${scriptLabel(script)}`
  return label.length > MAX_LABEL ? `${label.slice(0, MAX_LABEL - 1)}…` : label
}

function scriptLabel(script: string): string {
  const parts = script.split('/')
  const own = parts.at(-1) ?? script
  return BARE_SCRIPT.test(own) && parts.length > 1 ? parts.slice(-2).join('/') : own
}
