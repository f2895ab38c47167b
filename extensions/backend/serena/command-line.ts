// Is this command line a Serena's, or a launcher's of one? By position, never by a word found anywhere: an editor, a search
// or a client's own configuration may carry the same words. Pure.

import { isInterpreter } from '../lib/interpreters.ts'
import { memoize } from '../lib/memoize.ts'
import { innermost, type PythonTarget, parsePython, serenaWordsOfText } from './python-program.ts'
import { parseRemote } from './remote-bridge.ts'
import type { RemoteBridge } from './remote-facts.ts'
import { RUNNER_VERBS, RUNNERS } from './runners.ts'
import type { SerenaCommand } from './serena-process.ts'
import { splitWrapArguments } from './wrap-flags.ts'

export interface ParsedCommand {
  /** `launcher`: it runs between client and instance and has the instance's arguments. */
  role: 'serena' | 'launcher'
  command: SerenaCommand
  /** Of a launcher that starts it in another place. */
  remote?: RemoteBridge
}

/** Its name on PyPI; the package `serena` is another program. */
export const SERENA_PACKAGE = 'serena-agent'
/** Scripts that are a Serena by name; the last needs no subcommand (0.1.x, 1.0.0). */
const SERENA_NAMES: readonly string[] = ['serena', SERENA_PACKAGE]
const SERVER_NAME = 'serena-mcp-server'
const HOOKS_NAME = 'serena-hooks'
const SUBCOMMAND = 'start-mcp-server'
/** Loaders and emulators that become the program named after them. */
const LOADER =
  /^(ld-linux|ld-musl|ld64).*\.so(\.\d+)?$|^ld\.so$|^qemu-[a-z0-9_]+(-static)?$|^(rosetta|box64|fex)$/i
const LOADER_VALUED: readonly string[] = [
  '--library-path',
  '--argv0',
  '--preload',
  '--audit',
  '-L',
  '-0',
  '-E',
]
/** Modules of Serena that its commands come from, and their files. */
const SERENA_MODULE = /^serena(\.(cli|mcp|__main__))?$/
const SERENA_FILE = /[\\/]serena[\\/](cli|mcp|__main__)\.py$/
const runsScripts = (name: string): boolean => isInterpreter(name, 'python', 'javascript')
/** Options of Node before the script that take a value of their own. */
const INTERPRETER_VALUED: readonly string[] = ['-r', '--require', '--import', '--loader', '--env-file']

/**
 * The role and the arguments of a command line; null: neither a Serena nor a launcher of one. Memoized: every list repeats the
 * command lines of the previous one.
 */
export const parseSerenaCommand = memoize(parse)

function parse(argv: readonly string[]): ParsedCommand | null {
  const remote = parseRemote(argv)
  if (remote) {
    const there = launchedArguments(argv, 0)
    return there && { role: 'launcher', command: parseArguments(there), remote: remote.bridge }
  }
  const own = serenaArguments(argv)
  if (own) return { role: 'serena', command: parseArguments(own) }
  const launched = launchedArguments(withoutTitle(argv), 0)
  return launched && { role: 'launcher', command: parseArguments(launched) }
}

/** npm writes what it runs over its own command line, as one text (npx as well: `npm exec serena-deck wrap …`; `npm exec` for `-c`). */
const withoutTitle = (argv: readonly string[]): readonly string[] =>
  /^npm (exec|x)( |$)/.test(argv[0] ?? '') ? splitWords(argv[0] ?? '') : argv

/**
 * Returns whether a command line only runs another one: a shell with a script, `npx`, `env`, … It is not the client of the processes
 * below it. An interactive shell is not a runner.
 */
export function isRunner(argv: readonly string[]): boolean {
  const [program = '', ...rest] = withoutTitle(argv)
  const name = programName(program)
  if (isInterpreter(name, 'shell')) return rest.some((word) => !word.startsWith('-'))
  if (runsScripts(name)) return RUNNERS.has(runnerOf(rest[0] ?? ''))
  return rest.length > 0 && RUNNERS.has(name)
}

/** Returns the words after `wrap` of our own `serena-deck wrap …`; null: it is another program. */
export function ourWrapWords(argv: readonly string[]): readonly string[] | null {
  const [program = '', ...rest] = argv
  const isInterpreted = runsScripts(programName(program))
  const [script = '', command, ...words] = isInterpreted ? skipOptions(rest, INTERPRETER_VALUED, []) : argv
  return command === 'wrap' && /serena-deck|cli\.js$/.test(script) ? words : null
}

/** The arguments after the subcommand, if argv itself is a Serena: directly, or through an interpreter. */
function serenaArguments(argv: readonly string[]): readonly string[] | null {
  const invoked = serenaInvocation(argv)
  if (invoked?.program === 'server') return invoked.words
  const [subcommand, ...rest] = invoked?.program === 'serena' ? invoked.words : []
  return subcommand === SUBCOMMAND ? rest : null
}

/** One of Serena's programs as it was called. */
export interface SerenaInvocation {
  /** `serena` with its subcommands, `serena-mcp-server` without, or `serena-hooks`. */
  program: 'serena' | 'server' | 'hooks'
  /** All words after it. */
  words: readonly string[]
}

/** Returns which of Serena's programs runs in the process of this command line; null: none. */
export function serenaInvocation(argv: readonly string[]): SerenaInvocation | null {
  const direct = byName(argv)
  if (direct) return direct
  const [program = '', ...rest] = argv
  const name = programName(program)
  if (LOADER.test(name)) {
    const loaded = skipOptions(rest, LOADER_VALUED, [])
    return loaded.length < argv.length ? serenaInvocation(loaded) : null
  }
  if (isInterpreter(name, 'python')) return byPython(parsePython(rest))
  if (runsScripts(name)) return byName(skipOptions(rest, INTERPRETER_VALUED, []))
  // `coverage run …` without its interpreter.
  const target = innermost('script', program, rest)
  return target.kind !== 'text' && target.name === program ? null : byPython(target)
}

function byPython(target: PythonTarget | null): SerenaInvocation | null {
  if (!target) return null
  const { args } = target
  if (target.kind === 'text') {
    const words = serenaWordsOfText(target.text, args)
    return words && invocation('serena', words)
  }
  if (target.kind === 'module') {
    if (target.name === 'serena.hooks') return invocation('hooks', args)
    return SERENA_MODULE.test(target.name) ? invocation('serena', args) : null
  }
  return SERENA_FILE.test(target.name) ? invocation('serena', args) : byName([target.name, ...args])
}

function byName([program = '', ...rest]: readonly string[]): SerenaInvocation | null {
  const name = programName(program)
  if (name === SERVER_NAME) return invocation('server', rest)
  if (name === HOOKS_NAME) return invocation('hooks', rest)
  return SERENA_NAMES.includes(name) ? invocation('serena', rest) : null
}

const invocation = (program: SerenaInvocation['program'], words: readonly string[]): SerenaInvocation => ({
  program,
  words: words[0] === '--' ? words.slice(1) : words,
})

/** Returns the command of a process that is a Serena by another sign, whatever precedes its arguments. */
export function parseUnusualCommand(argv: readonly string[]): SerenaCommand {
  const words = argv.length === 1 ? splitWords(argv[0] ?? '') : argv
  return parseArguments(words.slice(words.indexOf(SUBCOMMAND) + 1))
}

/** The arguments of the Serena that a launcher starts; `depth` bounds launchers of launchers. */
function launchedArguments(argv: readonly string[], depth: number): readonly string[] | null {
  const [program = '', ...rest] = argv
  if (depth > 5 || rest.length === 0) return null
  const name = programName(program)
  const inner = (words: readonly string[]): readonly string[] | null =>
    serenaArguments(words) ?? launchedArguments(words, depth + 1)
  const remote = parseRemote(argv)
  if (remote) return remote.isScript ? scriptWords(remote.words.join(' '), inner) : inner(remote.words)
  if (isInterpreter(name, 'shell')) return shellWords(rest, inner)
  if (name === 'cmd') return commandPromptWords(rest, inner)
  const wrapped = ourWrapWords(argv)
  if (wrapped) return inner(splitWrapArguments(wrapped).command)
  if (isInterpreter(name, 'python')) return pythonRunner(rest, inner)
  if (!RUNNERS.has(name)) return runsScripts(name) ? interpretedRunner(rest, inner) : null
  return launchedBy(name, rest, inner)
}

type Inner = (words: readonly string[]) => readonly string[] | null

/** `sh -c 'cd x && exec serena start-mcp-server …'`: one of the commands inside the string. */
function shellWords(rest: readonly string[], inner: Inner): readonly string[] | null {
  const at = rest.findIndex((word) => /^-[a-z]*c$/.test(word))
  const script = rest[at + 1]
  return at < 0 || script === undefined ? null : scriptWords(script, inner)
}

function scriptWords(script: string, inner: Inner): readonly string[] | null {
  for (const part of script.split(/&&|\|\||[;\n|&]/)) {
    const words = splitWords(part)
    const at = words.findIndex((word) => word !== 'exec' && !/^[A-Za-z_]\w*=/.test(word))
    const found = at < 0 ? null : inner(words.slice(at))
    if (found) return found
  }
  return null
}

function commandPromptWords(rest: readonly string[], inner: Inner): readonly string[] | null {
  const at = rest.findIndex((word) => /^\/[ck]$/i.test(word))
  return at < 0 ? null : inner(rest.slice(at + 1).flatMap(splitWords))
}

/** `python /x/uvx …`, `node /x/npx-cli.js …`: the script is the launcher. */
function interpretedRunner(rest: readonly string[], inner: Inner): readonly string[] | null {
  const [script = '', ...words] = rest
  const name = runnerOf(script)
  return RUNNERS.has(name) ? launchedBy(name, words, inner) : null
}

/** `python -I /x/poetry run …`, `python -m pdm run …`. */
function pythonRunner(rest: readonly string[], inner: Inner): readonly string[] | null {
  const target = parsePython(rest)
  return target && target.kind !== 'text' ? interpretedRunner([target.name, ...target.args], inner) : null
}

const runnerOf = (script: string): string => programName(script).replace(/-cli(\.[cm]?js)?$/, '')

const launchedBy = (name: string, words: readonly string[], inner: Inner): readonly string[] | null =>
  inner(skipOptions(words, RUNNERS.get(name) ?? [], RUNNER_VERBS.get(name) ?? []))

function skipOptions(
  words: readonly string[],
  valued: readonly string[],
  verbs: readonly string[],
): readonly string[] {
  let i = 0
  while (i < words.length) {
    const word = words[i] ?? ''
    if (word === '-m' || word === '-c') break
    const isPlain = !word.startsWith('-') && !/^[A-Za-z_]\w*=/.test(word) && !/^\d+[smhd]?$/.test(word)
    if (isPlain && !verbs.includes(word)) break
    i += valued.includes(word) ? 2 : 1
    if (word === '--') break
  }
  return words.slice(i)
}

/** Words of a shell command, without quotes. */
/** Splits a command line at blanks outside of quotes. */
export function splitWords(text: string): string[] {
  return (text.match(/(?:"(?:\\.|[^"\\])*"|'[^']*'|[^\s"'])+/g) ?? []).map((word) =>
    word.replace(
      /"((?:\\.|[^"\\])*)"|'([^']*)'/g,
      (_, double: string | undefined, single: string | undefined) =>
        double === undefined ? (single ?? '') : double.replace(/\\(["\\$`])/g, '$1'),
    ),
  )
}

/** The program's name without folder, `.exe` or what a packager added, of either kind of path. */
function programName(program: string): string {
  const name = program.split(/[\\/]/).at(-1) ?? ''
  return (
    name
      .replace(/^-/, '')
      .replace(/\.(exe|cmd|bat|pyz|pex)$/i, '')
      // Nix keeps the program that a wrapper starts as `.serena-wrapped`; older Windows installers wrote `serena-script.py`.
      .replace(/^\.+(.+?)(-wrapped)+_*$/, '$1')
      .replace(/-script\.pyw?$/i, '')
      .toLowerCase()
  )
}

const FALSE_WORDS: readonly string[] = ['false', '0', 'no', 'off', 'f', 'n']
const TRUE_WORDS: readonly string[] = ['true', '1', 'yes', 'on', 't', 'y']

function parseArguments(words: readonly string[]): SerenaCommand {
  const values = (...names: string[]): string[] =>
    words.flatMap((word, i) => {
      const name = names.find((one) => word === one || word.startsWith(`${one}=`))
      if (name === undefined) return []
      const value = word === name ? words[i + 1] : word.slice(name.length + 1)
      return value === undefined ? [] : [value]
    })
  const last = (...names: string[]): string | null => values(...names).at(-1) ?? null
  const port = Number(last('--port') ?? Number.NaN)
  const dashboard = last('--enable-web-dashboard')?.toLowerCase() ?? ''
  return {
    project: last('--project', '--project-file'),
    isProjectFromCwd: words.includes('--project-from-cwd'),
    context: last('--context'),
    modes: values('--mode', '--add-mode'),
    transport: last('--transport') ?? 'stdio',
    mcpPort: Number.isInteger(port) && port >= 0 && port < 65_536 ? port : null,
    isDashboardEnabled: FALSE_WORDS.includes(dashboard)
      ? false
      : TRUE_WORDS.includes(dashboard)
        ? true
        : null,
  }
}
