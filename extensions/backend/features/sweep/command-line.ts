// Is this command line a Serena's, or a launcher's of one? By position, never by a word found anywhere: an editor, a search
// or a client's own configuration may carry the same words. Pure.
import type { SerenaCommand } from '../../facts.ts'
import type { RemoteBridge } from '../../facts-remote.ts'
import { remembering } from '../../lib/remembering.ts'
import { parseRemote } from './remote-bridge.ts'

export interface ParsedCommand {
  /** `launcher`: it stands between client and instance and carries the instance's words. */
  role: 'serena' | 'launcher'
  command: SerenaCommand
  /** Of a launcher that starts it in another place. */
  remote?: RemoteBridge
}

/** Scripts that are a Serena by name; the last needs no subcommand (0.1.x, 1.0.0). */
const SERENA_NAMES: readonly string[] = ['serena', 'serena-agent']
const SERVER_NAME = 'serena-mcp-server'
const SUBCOMMAND = 'start-mcp-server'
const INTERPRETER = /^(python|pypy)[\d.]*w?$|^(node|nodejs|bun|deno)$/
const SHELL = /^(ba|da|z|k|a|fi)?sh$/
/** Programs that run another one, with the options of theirs that take a value. */
const RUNNERS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    uv: [
      '--directory',
      '--project',
      '--with',
      '--with-editable',
      '--with-requirements',
      '--python',
      '-p',
      '--index',
      '--from',
      '--cache-dir',
      '--env-file',
      '--package',
      '--extra',
      '--group',
    ],
    uvx: [
      '--from',
      '--with',
      '--with-editable',
      '--with-requirements',
      '--python',
      '-p',
      '--index',
      '--directory',
      '--cache-dir',
      '--env-file',
    ],
    pipx: ['--spec', '--python', '--pip-args'],
    npx: ['-p', '--package', '-c'],
    env: ['-u', '-C', '--unset', '--chdir', '-S'],
    nohup: [],
    setsid: [],
    nice: ['-n'],
    sudo: ['-u', '-g'],
    time: [],
    timeout: ['-s', '-k', '--signal', '--kill-after'],
    cmd: [],
    npm: ['-p', '--package', '-w', '--workspace'],
    pnpm: ['-C', '--dir', '--package'],
    pnpx: ['--package'],
    yarn: ['-p', '--package'],
    bunx: ['-p', '--package'],
    mise: ['-C', '--cd'],
    setpriv: ['--pdeathsig'],
    stdbuf: ['-i', '-o', '-e'],
    ionice: ['-c', '-n'],
  }),
)
const RUNNER_VERBS: ReadonlyMap<string, readonly string[]> = new Map([
  ['uv', ['tool', 'run', 'x', 'uvx']],
  ['pipx', ['run']],
  ['npm', ['exec', 'x']],
  ['pnpm', ['exec', 'dlx']],
  ['yarn', ['exec', 'dlx']],
  ['mise', ['exec', 'x']],
])
/** Options of Python and Node before the script that take a value of their own. */
const INTERPRETER_VALUED: readonly string[] = [
  '-X',
  '-W',
  '-r',
  '--require',
  '--import',
  '--loader',
  '--env-file',
]

/**
 * The role and the arguments of a command line; null: neither a Serena nor a launcher of one. Every list brings the command lines
 * of the one before.
 */
export const parseSerenaCommand = remembering(parse)

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
 * Whether a command line only runs another one, whichever: a shell with a script, `npx`, `env`, … It is not the client of what runs
 * below it. A shell at which somebody types is no such.
 */
export function isRunner(argv: readonly string[]): boolean {
  const [program = '', ...rest] = withoutTitle(argv)
  const name = programName(program)
  if (SHELL.test(name)) return rest.some((word) => !word.startsWith('-'))
  if (INTERPRETER.test(name)) return RUNNERS.has(runnerOf(rest[0] ?? ''))
  return rest.length > 0 && RUNNERS.has(name)
}

/** The words after `wrap` of our own `serena-deck wrap …`; null: it is another program. */
export function ourWrapWords(argv: readonly string[]): readonly string[] | null {
  const [program = '', ...rest] = argv
  const isInterpreted = INTERPRETER.test(programName(program))
  const [script = '', command, ...words] = isInterpreted ? skipOptions(rest, INTERPRETER_VALUED, []) : argv
  return command === 'wrap' && /serena-deck|cli\.js$/.test(script) ? words : null
}

/** The arguments after the subcommand, if argv itself is a Serena: directly, or through an interpreter. */
function serenaArguments(argv: readonly string[]): readonly string[] | null {
  const direct = afterProgram(argv)
  if (direct) return direct
  const [program = '', ...rest] = argv
  if (!INTERPRETER.test(programName(program))) return null
  return afterScript(skipOptions(rest, INTERPRETER_VALUED, []))
}

function afterScript(words: readonly string[]): readonly string[] | null {
  const [first, module, ...rest] = words
  if (first !== '-m') return afterProgram(words)
  return module !== undefined && /^serena(\.|$)/.test(module) ? afterSubcommand(rest) : null
}

function afterProgram([program = '', ...rest]: readonly string[]): readonly string[] | null {
  const name = programName(program)
  if (name === SERVER_NAME) return rest
  return SERENA_NAMES.includes(name) ? afterSubcommand(rest) : null
}

const afterSubcommand = ([subcommand, ...rest]: readonly string[]): readonly string[] | null =>
  subcommand === SUBCOMMAND ? rest : null

/** The arguments of the Serena that a launcher starts; `depth` bounds launchers of launchers. */
function launchedArguments(argv: readonly string[], depth: number): readonly string[] | null {
  const [program = '', ...rest] = argv
  if (depth > 5 || rest.length === 0) return null
  const name = programName(program)
  const inner = (words: readonly string[]): readonly string[] | null =>
    serenaArguments(words) ?? launchedArguments(words, depth + 1)
  const remote = parseRemote(argv)
  if (remote) return remote.isScript ? scriptWords(remote.words.join(' '), inner) : inner(remote.words)
  if (SHELL.test(name)) return shellWords(rest, inner)
  if (name === 'cmd') return commandPromptWords(rest, inner)
  const wrapped = ourWrapWords(argv)
  if (wrapped?.includes('--')) return inner(wrapped.slice(wrapped.indexOf('--') + 1))
  if (!RUNNERS.has(name)) return INTERPRETER.test(name) ? interpretedRunner(rest, inner) : null
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

/** Words of a shell command, quotes taken off. */
function splitWords(text: string): string[] {
  return (text.match(/(?:"(?:\\.|[^"\\])*"|'[^']*'|[^\s"'])+/g) ?? []).map((word) =>
    word.replace(
      /"((?:\\.|[^"\\])*)"|'([^']*)'/g,
      (_, double: string | undefined, single: string | undefined) =>
        double === undefined ? (single ?? '') : double.replace(/\\(["\\$`])/g, '$1'),
    ),
  )
}

/** The program's name without folder, `.exe` or `.py`, of either kind of path. */
function programName(program: string): string {
  const name = program.split(/[\\/]/).at(-1) ?? ''
  return name
    .replace(/^-/, '')
    .replace(/\.(exe|cmd|bat)$/i, '')
    .toLowerCase()
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
