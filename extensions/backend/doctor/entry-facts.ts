// An entry -> what it starts: the words of Serena, their places in the file, the package, the project. Pure.
import type { ConfigClient } from '../clients/configs/config-client.ts'
import type { ConfigEntry } from '../clients/configs/config-entry.ts'
import { connectWords, serenaCommandOf } from '../clients/configs/serena-entry.ts'
import { isFields } from '../lib/fields.ts'
import { ourWrapWords, parseSerenaCommand, parseUnusualCommand, splitWords } from '../serena/command-line.ts'
import type { SerenaCommand } from '../serena/serena-process.ts'
import type { ConfigPath, EntryFact, FileFact } from './facts.ts'
import { packageSourceOf } from './package-source.ts'

/** What only this machine knows. */
export interface EntryLookups {
  program(word: string): EntryFact['program']
  /** The version of an installed program; null: not known. */
  version(program: string): string | null
  folder(path: string): EntryFact['folder']
}

export interface EntrySource {
  entry: ConfigEntry
  client: ConfigClient
  file: FileFact
  raw: unknown
}

/** Returns the facts about one entry. */
export function entryFactOf({ entry, client, file, raw }: EntrySource, machine: EntryLookups): EntryFact {
  const isOneString = isWholeLine(entry.command)
  const { argv, places } = wordsIn(entry, raw, isOneString)
  const serenaFrom = serenaWordsAt(argv)
  const parsed = argv.length > 0 ? serenaCommandOf({ command: argv }) : null
  const command = parsed?.command ?? (serenaFrom === null ? null : parseUnusualCommand(argv))
  const source = packageSourceOf(argv)
  const root = rootOf(command, entry)
  const named = command?.project ?? entry.cwd
  return {
    entry,
    client,
    file,
    raw,
    argv,
    places,
    isOneString,
    through: productCommandIn(argv),
    serenaFrom,
    command,
    source,
    version:
      source === null
        ? installedVersion(argv, serenaFrom, parsed?.remote !== undefined, machine)
        : source.version,
    program: argv[0] === undefined ? 'unknown' : machine.program(argv[0]),
    root,
    folder: named !== null && isPlainPath(named) ? machine.folder(named) : 'unknown',
  }
}

/** `command: "serena start-mcp-server …"`: a program with blanks in its path is none. */
function isWholeLine(command: readonly string[] | null): boolean {
  const [program = '', ...rest] = command ?? []
  if (!/\s/.test(program.trim()) || parseSerenaCommand([program, ...rest]) !== null) return false
  const words = [...splitWords(program), ...rest]
  return parseSerenaCommand(words) !== null || words.some((word) => SERENA_WORD.test(word))
}

const SERENA_WORD = /^start-mcp-server$|(^|[\\/])serena-mcp-server(\.exe)?$/

interface PlacedWords {
  argv: readonly string[]
  places: readonly (ConfigPath | null)[]
}

/** The words as the client gives them to the program, and where each is in the file. A script of a shell is split as well. */
function wordsIn(entry: ConfigEntry, raw: unknown, isOneString: boolean): PlacedWords {
  const [program = '', ...rest] = entry.command ?? []
  if (entry.command === null) return { argv: [], places: [] }
  if (isOneString) {
    const argv = [...splitWords(program), ...rest]
    return { argv, places: argv.map(() => null) }
  }
  const paths = pathsIn(entry, raw)
  const words = entry.command.flatMap((word, at) =>
    at > 0 && /\s/.test(word) && /\bstart-mcp-server\b|\bserena-mcp-server\b/.test(word)
      ? splitWords(word).map((part) => ({ part, path: null }))
      : [{ part: word, path: paths[at]?.word === word ? (paths[at]?.path ?? null) : null }],
  )
  return { argv: words.map(({ part }) => part), places: words.map(({ path }) => path) }
}

/** The words of the entry in the file, with their paths: `command` or `cmd`, a text or a list, then `args`. */
function pathsIn({ path }: ConfigEntry, raw: unknown): { word: unknown; path: ConfigPath }[] {
  if (!isFields(raw)) return []
  const isNested = isFields(raw['transport'])
  const holder = isFields(raw['transport']) ? raw['transport'] : raw
  const base = isNested ? [...path, 'transport'] : path
  const key = 'command' in holder ? 'command' : 'cmd'
  const command: unknown = holder[key]
  const args: unknown = holder['args']
  return [
    ...(Array.isArray(command)
      ? command.map((word: unknown, at) => ({ word, path: [...base, key, at] }))
      : [{ word: command, path: [...base, key] }]),
    ...(Array.isArray(args) ? args.map((word: unknown, at) => ({ word, path: [...base, 'args', at] })) : []),
  ]
}

/** Returns the index of the first word that belongs to Serena itself; null: there is none. */
function serenaWordsAt(argv: readonly string[]): number | null {
  const at = argv.findIndex((word) => SERENA_WORD.test(word.trim()))
  return at < 0 ? null : at + 1
}

function productCommandIn(argv: readonly string[]): EntryFact['through'] {
  if (connectWords(argv) !== null) return 'connect'
  if (ourWrapWords(argv) !== null) return 'wrap'
  // Behind a launcher, such as `npx serena-deck wrap`.
  return argv.some(
    (word, at) => word === 'wrap' && /serena-deck(@[\w.-]+)?$|[\\/]cli\.js$/.test(argv[at - 1] ?? ''),
  )
    ? 'wrap'
    : null
}

/** Programs whose Serena is not the one of PATH. */
const INDIRECT =
  /(^|[\\/])(uv|uvx|pipx|docker|podman|ssh|wsl|poetry|pdm|hatch|conda|mamba|pixi|rye|pipenv|nix)(\.exe)?$/i

function installedVersion(
  argv: readonly string[],
  serenaFrom: number | null,
  isRemote: boolean,
  machine: EntryLookups,
): string | null {
  if (serenaFrom === null || isRemote || argv.slice(0, serenaFrom).some((word) => INDIRECT.test(word)))
    return null
  const program = argv
    .slice(0, serenaFrom)
    .findLast((word) => /(^|[\\/])serena(-agent|-mcp-server)?(\.exe)?$/i.test(word))
  return program === undefined ? null : machine.version(program)
}

const isPlainPath = (path: string): boolean =>
  /^([\\/]|[A-Za-z]:[\\/])/.test(path) && !/[${}%<>]|^\/?path\/to\//.test(path)

/** The folder that the entry names, or that it is for; null: that of the session. */
function rootOf(command: SerenaCommand | null, { project, cwd }: ConfigEntry): string | null {
  const own = cwd ?? project
  if (command === null) return null
  if (command.project !== null) {
    if (isPlainPath(command.project)) return withoutSlash(command.project)
    return command.project === '.' && own !== null ? withoutSlash(own) : null
  }
  return command.isProjectFromCwd && own !== null ? withoutSlash(own) : null
}

const withoutSlash = (path: string): string => (path.length > 1 ? path.replace(/[\\/]+$/, '') : path)
