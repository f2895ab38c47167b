// `complete -- WORDS`: the suggestions that a completion script asks for.
import { type Command as Completion, RootCommand } from '@bomb.sh/tab'
import { visibleLine } from '#contract/visible-text'
import { findRunning } from '../access/running-backend.ts'
import type { Terminal } from '../os/terminal.ts'
import { COMMANDS, type CommandSpec } from './command-table.ts'
import { SHELLS } from './completion-script.ts'

/** A value for TARGET, and what it names. */
interface Candidate {
  word: string
  text: string
}

/** Prints one suggestion per line for the last word of `complete -- WORDS`. */
export async function printSuggestions(words: readonly string[], terminal: Terminal): Promise<void> {
  createCompletions(await candidatesFor(words, terminal)).parse([...words])
}

/** Returns the completions of all commands. */
export function createCompletions(candidates: readonly Candidate[]): RootCommand {
  const root = new RootCommand()
  for (const spec of COMMANDS) if (spec.isHidden !== true) addCommand(root, spec, spec.name, candidates)
  return root
}

function addCommand(
  root: RootCommand,
  spec: CommandSpec,
  path: string,
  candidates: readonly Candidate[],
): void {
  const command = root.command(path, spec.text)
  for (const [flags, text] of spec.options ?? []) addOption(command, flags, text)
  if (takesTarget(spec))
    command.argument('target', (complete) => {
      for (const { word, text } of candidates) complete(word, text)
    })
  if (spec.name === 'complete')
    command.argument('shell', (complete) => {
      for (const shell of SHELLS) complete(shell, '')
    })
  for (const action of spec.actions ?? []) addCommand(root, action, `${path} ${action.name}`, candidates)
}

/** `-n, --lines <count>`: takes a value; `-f, --follow` takes none. */
function addOption(command: Completion, flags: string, text: string): void {
  const [, short, long = '', value] = /^(?:-(\w), )?--([\w-]+)( .*)?$/.exec(flags) ?? []
  if (value === undefined) command.option(long, text, ...(short === undefined ? [] : [short]))
  else command.option(long, text, () => undefined, short)
}

const takesTarget = ({ argument }: CommandSpec): boolean => /target/.test(argument?.name ?? '')

/** The instances of the running backend. Without one there are no suggestions: a scan would take too long. */
async function candidatesFor(words: readonly string[], { env, platform }: Terminal): Promise<Candidate[]> {
  const spec = COMMANDS.find(({ name }) => name === words[0])
  if (!spec || !takesTarget(spec) || words.at(-1)?.startsWith('-')) return []
  try {
    const running = await findRunning(env, platform)
    const { instances = [] } = (await running?.current()) ?? {}
    return instances.flatMap(({ pid, title, state }) =>
      pid === null ? [] : [{ word: `pid:${pid}`, text: visibleLine(`${title} (${state})`) }],
    )
  } catch {
    // A completion cannot show an error: there are no suggestions.
    return []
  }
}
