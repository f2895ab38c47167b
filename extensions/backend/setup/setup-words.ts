// The command line of a Serena for one client: through the hub, supervised, or as it is; with the context that fits, its project, and
// without a pop-up. Pure.
import { connectWords } from '../clients/configs/serena-entry.ts'
import { ourWrapWords } from '../serena/command-line.ts'
import { CONNECT, flagLength, splitWrapArguments } from '../serena/wrap-flags.ts'

export const SETUP_MODES = ['shared', 'supervised', 'as-is'] as const
export type SetupMode = (typeof SETUP_MODES)[number]

export interface SetupWords {
  mode: SetupMode
  /** Starts this copy's command line. */
  product: readonly [program: string, ...args: string[]]
  context: string
  /** Arguments that name the project of the client. */
  project: readonly string[]
}

const SUBCOMMAND = 'start-mcp-server'
const OPENS = '--open-web-dashboard'
const PROJECT_FLAGS = ['--project', '--project-file', '--project-from-cwd']
/** Renamed after 0.1.4. */
const OLD_CONTEXT = 'ide-assistant'

/** Returns the command line of a new entry. */
export const newWords = (serena: string, words: SetupWords): string[] =>
  changedWords([serena, SUBCOMMAND], words, true)

/** Returns the command line of an entry that exists. `as-is` changes nothing, unless the entry is new. */
export function changedWords(argv: readonly string[], words: SetupWords, isNew = false): string[] {
  const { mode, product } = words
  if (mode === 'as-is' && !isNew) return [...argv]
  const ours = connectWords(argv) ?? ourWrapWords(argv)
  const { flags, command } =
    ours === null ? { flags: [], command: [...argv] } : splitWrapArguments(ours, CONNECT)
  const serena = withOptions(command, words)
  if (mode === 'as-is') return serena
  return mode === 'shared'
    ? [...product, 'connect', ...flags, '--', ...serena]
    : [...product, 'wrap', ...wrapFlags(flags), '--', ...serena]
}

/** `wrap` shares nothing, so it refuses the flags that say how. */
function wrapFlags(flags: readonly string[]): string[] {
  const kept: string[] = []
  for (let at = 0; at < flags.length; ) {
    const length = flagLength(flags[at] ?? '', flags[at + 1])
    if (length === 0) at += flagLength(flags[at] ?? '', flags[at + 1], CONNECT) || 1
    else kept.push(...flags.slice(at, at + length))
    at += length
  }
  return kept
}

/** A script of a shell is one word: nothing is added to it. */
function withOptions(command: readonly string[], { context, project }: SetupWords): string[] {
  const at = command.indexOf(SUBCOMMAND)
  if (at < 0) return [...command]
  const options = withContext(command.slice(at + 1), context)
  const hasProject = options.some((word) => PROJECT_FLAGS.includes(word.split('=')[0] ?? ''))
  return [...command.slice(0, at + 1), ...quiet(hasProject ? options : [...options, ...project])]
}

function withContext(options: readonly string[], context: string): string[] {
  const at = options.findLastIndex((word) => word === '--context' || word.startsWith('--context='))
  if (at < 0) return [...options, '--context', context]
  if (options[at] === `--context=${OLD_CONTEXT}`) return options.toSpliced(at, 1, `--context=${context}`)
  return options[at + 1] === OLD_CONTEXT && options[at] === '--context'
    ? options.toSpliced(at + 1, 1, context)
    : [...options]
}

/** The page shows the dashboard: no pop-up for each start. */
function quiet(options: readonly string[]): string[] {
  const at = options.findLastIndex((word) => word === OPENS || word.startsWith(`${OPENS}=`))
  if (at < 0) return [...options, OPENS, 'False']
  return options[at] === OPENS
    ? options.toSpliced(at, 2, OPENS, 'False')
    : options.toSpliced(at, 1, `${OPENS}=False`)
}
