// The parser of the command line, made from the command table: commander with the wording and the exit codes of Serena Deck.
import { Argument, Command, CommanderError, Option } from 'commander'
import { AppError } from '#contract/errors'
import { visibleLine } from '#contract/visible-text'
import { productVersion } from '../lib/product.ts'
import type { Terminal } from '../os/terminal.ts'
import { type ArgumentSpec, COMMANDS, type CommandSpec } from './command-table.ts'

/** These can be given several times. */
const REPEATABLE = new Set(['mode', 'file', 'client'])

/** The command of one parse; filled in by the parser. */
export interface ParsedCall {
  /** `serena-deck registry register`: the command whose help answers wrong use. */
  program: string
  exitCode: number
}

/** Throws AppError `wrong-use` and records the command that caused it. */
type Refuse = (issue: string) => never

/** Parses one command line and runs its command. AppError `wrong-use`; a help text is not an error. */
export async function parseWords(
  words: readonly string[],
  terminal: Terminal,
  call: ParsedCall,
): Promise<void> {
  const program = createProgram(terminal, call)
  const names = program.commands.map((command) => command.name())
  try {
    await program.parseAsync(withCommand(words, [...names, 'help']), { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError) || error.exitCode !== 0) throw error
  }
}

/** The words with their command: no command means `open`. */
function withCommand(words: readonly string[], commands: readonly string[]): readonly string[] {
  const [first] = words
  if (first === undefined) return ['open']
  if (first.startsWith('-')) return /^(-h|--help|-v|--version)$/.test(first) ? words : ['open', ...words]
  // After an unknown command nothing else is read, so that --help does not hide the error.
  return commands.includes(first) ? words : [first]
}

/** Returns the parser of one command line. It throws: AppError `wrong-use`, or CommanderError with exit code 0 after a help text. */
export function createProgram(terminal: Terminal, call: ParsedCall): Command {
  const program = new Command('serena-deck')
    .description('Show, check and end all Serena instances on this machine')
    .version(
      `serena-deck/${productVersion} ${process.platform}-${process.arch} node-${process.version}`,
      '-v, --version',
      'Show the version',
    )
    .helpOption('-h, --help', 'Show this help')
    .helpCommand('help [command]', 'Show the help of a command')
    .usage('[command] [options]')
    // An error is printed once, by the caller.
    .configureOutput({ writeOut: terminal.write, writeErr: () => undefined })
    .enablePositionalOptions()
    .exitOverride((error) =>
      refuseParsed(error, (issue) => {
        throw new AppError('wrong-use', { issue })
      }),
    )
    .addHelpText(
      'after',
      '\nWithout a command, `serena-deck` runs `open`.\n\nExit codes:\n  0 success, 1 failure, 2 wrong usage, 3 not found or nothing to do',
    )
  for (const spec of COMMANDS) addCommand(program, spec, terminal, call)
  return program
}

function addCommand(parent: Command, spec: CommandSpec, terminal: Terminal, call: ParsedCall): void {
  const command = parent.command(spec.name, { hidden: spec.isHidden === true }).description(spec.text)
  const path = pathOf(command)
  const refuse: Refuse = (issue) => {
    call.program = path
    throw new AppError('wrong-use', { issue })
  }
  command.exitOverride((error) => refuseParsed(error, refuse, spec))
  if (spec.argument) command.addArgument(argumentOf(spec.argument, refuse))
  if (spec.second) command.addArgument(new Argument(spec.second.name, spec.second.text))
  for (const [flags, text] of spec.options ?? []) addOption(command, new Option(flags, text), refuse)
  if (spec.actions) addActions(command, spec, terminal, call, refuse)
  const { run } = spec
  if (run && !spec.actions)
    command.action(async () => {
      call.program = path
      const given = command.processedArgs as (string | string[] | undefined)[]
      const [words = [], [second] = []] = given.map((one) => [one ?? []].flat())
      const argument = words[0]
      call.exitCode = (await run({ argument, words, second, flags: command.opts(), terminal })) ?? 0
    })
}

function addActions(
  command: Command,
  { actions = [], run }: CommandSpec,
  terminal: Terminal,
  call: ParsedCall,
  refuse: Refuse,
): void {
  command.usage(run ? '[action] [options]' : '<action> [options]').commandsGroup('Actions:')
  for (const action of actions) addCommand(command, action, terminal, call)
  command.allowExcessArguments().action(async () => {
    const [given] = command.args
    if (run && given === undefined) {
      call.exitCode =
        (await run({ argument: undefined, words: [], second: undefined, flags: {}, terminal })) ?? 0
      return
    }
    const problem = given === undefined ? 'Missing action' : `Unknown action '${visibleLine(given)}'`
    refuse(`${problem}: use ${inWords(actions)}.`)
  })
}

const pathOf = (command: Command): string =>
  command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name()

/** `on, off or status`. */
const inWords = (actions: readonly CommandSpec[]): string =>
  actions
    .map(({ name }) => name)
    .join(', ')
    .replace(/, ([^,]*)$/, ' or $1')

const titleOf = (argument: Argument): string => argument.name().toUpperCase()

function argumentOf(spec: ArgumentSpec, refuse: Refuse): Argument {
  const argument = new Argument(spec.name, spec.text)
  // An empty word is a variable that is not set: as a path it would be the current folder.
  if (!argument.variadic)
    argument.argParser((value: string) => {
      if (value === '') refuse(sentences(`${titleOf(argument)} is empty (${spec.text}).`, spec.hint))
      return value
    })
  return argument
}

const sentences = (...parts: readonly (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined).join(' ')

function addOption(command: Command, option: Option, refuse: Refuse): void {
  const name = option.attributeName()
  const isRepeatable = REPEATABLE.has(name)
  if (option.required)
    option.argParser((value: string, before: unknown) => {
      // The parser takes the next word, even if it is a flag.
      if (value.startsWith('-')) refuse(`Option '${option.flags}' requires a value.`)
      return isRepeatable ? [...((before as string[] | undefined) ?? []), value] : value
    })
  let isGiven = false
  command.addOption(option).on(`option:${option.name()}`, () => {
    if (isGiven && !isRepeatable) refuse(`Option '${option.flags}' can be given only once.`)
    isGiven = true
  })
}

/** Turns the parser's own error into `wrong-use`; an exit with 0 is not an error and is rethrown unchanged. */
function refuseParsed(error: CommanderError, refuse: Refuse, spec?: CommandSpec): never {
  if (error.exitCode === 0) throw error
  return refuse(issueOf(error, spec))
}

function issueOf({ code, message }: CommanderError, spec: CommandSpec | undefined): string {
  const { argument: first, second, options = [] } = spec ?? {}
  const argument = message.includes(`'${second && new Argument(second.name).name()}'`) ? second : first
  if (code === 'commander.missingArgument' && argument)
    return sentences(`Missing ${titleOf(new Argument(argument.name))} (${argument.text}).`, argument.hint)
  const [line = '', suggestion] = message.replace(/^error: /, '').split('\n')
  const flag = /^unknown option '([^'=]+)=/.exec(line)?.[1]
  if (flag !== undefined && options.some(([flags]) => flags.split(', ').includes(flag)))
    return `Option '${flag}' takes no value.`
  const problem = line.replace(/ argument missing$/, ' requires a value').replace(/\.?$/, '.')
  const shown = visibleLine(problem.charAt(0).toUpperCase() + problem.slice(1))
  return sentences(shown, suggestion && visibleLine(suggestion.replace(/^\((.*)\)$/, '$1')))
}
