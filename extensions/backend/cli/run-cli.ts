// The commands, their options and their help; errors are printed as `why fix` on stderr with the exit code of the table. Each
// command is loaded when it is called: a window that starts waits for two of them.

import { type CAC, type Command, cac } from 'cac'
import { AppError, ERRORS, type ErrorData } from '#contract/errors'
import { visibleLine } from '#contract/visible-text'
import { fileFailure } from '../os/write-file.ts'
import { asksForHelp, readArguments } from './command-words.ts'
import { hasAction, helpOfCommand, helpOfProgram } from './help-text.ts'
import { productVersion } from './product.ts'
import type { Terminal } from './terminal.ts'

const EXIT_CODES = {
  title: 'Exit codes',
  body: '  0 success, 1 failure, 2 wrong usage, 3 not found or nothing to do',
}

function createCommands(terminal: Terminal): CAC {
  const cli = cac('serena-deck')
  cli
    .command(
      'open [target]',
      'Open Serena Deck in its window or in the browser, and start the backend if needed',
    )
    .option('--print', 'Print a new address of the running backend and open nothing')
    .option('--port <port>', 'Port of a backend that is started; 0 selects a free port (default: 25282)')
    .option('--hidden', 'Start the backend without opening anything, as at login')
    .option('--browser', 'Open the page in the browser instead of the window')
    .action(async (target: string | undefined, flags: unknown) =>
      (await import('./open.ts')).runOpen(target, flags, terminal),
    )
  cli
    .command('serve', 'Run the backend in the foreground until Ctrl+C, or stop the running one')
    .option('--json', 'Print one line of JSON when the backend is ready')
    .option('--port <port>', 'Port to listen on; 0 selects a free port (default: 25282)')
    .option('--stop', 'Stop the running backend and its window; exit code 3 if none is running')
    .action(async (flags: unknown) => (await import('./serve.ts')).runServe(flags, terminal))
  cli
    .command('list', 'List all Serena instances on this machine')
    .option('--json', 'Print JSON')
    .option('--watch', 'Print the list again after each change')
    .option('--all', 'Print each instance of a group in its own row')
    .action(async (flags: unknown) => (await import('./list.ts')).runList(flags, terminal))
  cli
    .command(
      'status <target>',
      'Show all facts about one instance; TARGET: pid, port, project name or path, pid:N, port:N',
    )
    .option('--json', 'Print JSON')
    .action(async (target: string, flags: unknown) =>
      (await import('./status.ts')).runStatus(target, flags, terminal),
    )
  cli
    .command('logs <target>', 'Print the log of one instance')
    .option('-f, --follow', 'Continue with new lines until Ctrl+C')
    .option('-n, --lines <lines>', 'Number of lines, newest last (default: 100)')
    .action(async (target: string, flags: unknown) =>
      (await import('./logs.ts')).runLogs(target, flags, terminal),
    )
  cli
    .command('stop <target>', 'Shut down one instance gracefully, without SIGKILL')
    .option('--yes', 'Do not ask for confirmation')
    .option('--json', 'Print the receipt as JSON')
    .action(async (target: string, flags: unknown) =>
      (await import('./kill.ts')).runStop(target, flags, terminal),
    )
  cli
    .command(
      'kill [target]',
      'End one instance or all zombies: graceful shutdown, then SIGTERM, then SIGKILL',
    )
    .option('--zombies', 'End all zombies: red instances without a running client')
    .option('--include-hung', 'With --zombies: also end hung instances whose client may be running')
    .option('--include-children', 'Also end other programs that it started: IDEs, browsers, servers')
    .option(
      '--unused-for <span>',
      'End all instances without an MCP message for that long (30m, 5h, 2d); their clients may be running',
    )
    .option('--dry-run', 'Show what would be ended and why, and change nothing')
    .option('--yes', 'Do not ask for confirmation')
    .option('--json', 'Print the receipt, or the plan of a dry run, as JSON')
    .action(async (target: string | undefined, flags: unknown) =>
      (await import('./kill.ts')).runKill(target, flags, terminal),
    )
  cli
    .command(
      'history [target]',
      'Print the history of instances: starts, state changes, ends and their reasons',
    )
    .option('-n, --lines <lines>', 'Number of records, newest last (default: 100)')
    .option('--json', 'Print one JSON document')
    .option('--json-lines', 'Print one JSON record per line')
    .action(async (target: string | undefined, flags: unknown) =>
      (await import('./history.ts')).runHistory(target, flags, terminal),
    )
  cli
    .command('registry <action> [target]', 'List or change the entries of the shared registry of instances')
    .option('--home <folder>', 'register: SERENA_HOME of the instance (default: that of the process)')
    .option('--port <port>', 'register, update: port of the dashboard')
    .option('--project <name>', 'register, update: name of the project; empty: unknown')
    .option('--path <folder>', 'register, update: folder of the project, with --project')
    .option('--context <name>', 'register, update: name of the context')
    .option('--mode <name>', 'register, update: name of a mode; can be given several times')
    .option('--json', 'Print JSON')
    .action(async (action: string, target: string | undefined, flags: unknown) =>
      (await import('./registry.ts')).runRegistry(action, target, flags, terminal),
    )
  cli
    .command('wrap [...command]', "Run a Serena for an MCP client, from the client's configuration")
    .usage('wrap [flags] serena start-mcp-server …')
    .option('--web-dashboard-global [bool]', 'Use the one global dashboard, and open no other')
    .option('--web-dashboard-global-open-on-launch [bool]', 'Open it when this instance starts, once')
    .option('--web-dashboard-global-port <port>', 'Its port if it must be started (default: 25282)')
    .option('--idle-shutdown-minutes <minutes>', 'End the instance after so long without a tool call')
    .action(() => undefined)
  cli
    .command('install', 'Add Serena Deck to the applications of your desktop')
    .option('--json', 'Print the written files as JSON')
    .action(async (flags: unknown) => (await import('./install.ts')).runInstall(flags, terminal))
  cli
    .command('uninstall', 'Uninstall Serena Deck (keeps your settings)')
    .option('--yes', 'Do not ask for confirmation')
    .option('--json', 'Print the removed files as JSON')
    .action(async (flags: unknown) => (await import('./install.ts')).runUninstall(flags, terminal))
  cli
    .command('autostart <action>', 'Start Serena Deck hidden at login; ACTION: on, off or status')
    .option('--json', 'Print JSON')
    .action(async (action: string, flags: unknown) =>
      (await import('./autostart.ts')).runAutostart(action, flags, terminal),
    )
  cli
    .command(
      'service <action>',
      'Run the backend as a service of this user, without a window; ACTION: install, uninstall or status',
    )
    .option('--json', 'Print JSON')
    .action(async (action: string, flags: unknown) =>
      (await import('./service.ts')).runService(action, flags, terminal),
    )
  cli
    .command('demo', 'Show Serena Deck with simulated instances, without touching your own')
    .option(
      '--instances <count>',
      'Number of live and idle instances instead of one of each kind; 0 shows the empty page',
    )
    .option('--print', 'Print the address and open nothing')
    .option('--json', 'Print one line of JSON when the backend is ready')
    .option('--port <port>', 'Port to listen on (default: a free port)')
    .action(async (flags: unknown) => (await import('./demo.ts')).runDemo(flags, terminal))
  cli.help((sections) => [...helpOfProgram(sections), EXIT_CODES])
  cli.version(productVersion)
  return cli
}

/** Writes what went wrong and returns the exit code. `command`: whose help answers wrong use. */
function report(error: unknown, command: string, { writeError }: Terminal): number {
  const known =
    error instanceof Error && error.name === 'CACError'
      ? new AppError('wrong-use', { issue: `${visibleLine(error.message)}.` })
      : (fileFailure(error) ?? error)
  if (known instanceof AppError) {
    const { fix, exitCode } = ERRORS[known.code]
    const data: ErrorData = { ...known.data, command }
    writeError(
      `${visibleLine(known.message)} ${visibleLine(known.code === 'wrong-use' ? fix(data) : known.fix)}\n`,
    )
    return exitCode
  }
  writeError(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  return 1
}

/**
 * The words with the command's switches behind all others, but for what stands after `--`. The parser makes a number of a word
 * right behind a switch (`logs -f 24284`), or its value (`kill --dry-run 24284`).
 */
function switchesLast(words: readonly string[], command: Command | undefined): string[] {
  const switches = (command?.options ?? [])
    .filter(({ isBoolean }) => isBoolean)
    .flatMap(({ rawName }) => rawName.split(', '))
  const end = words.includes('--') ? words.indexOf('--') : words.length
  const [before, behind] = [words.slice(0, end), words.slice(end)]
  const isSwitch = (word: string): boolean => switches.includes(word)
  return [...before.filter((word) => !isSwitch(word)), ...before.filter(isSwitch), ...behind]
}

/** Prints the help of a command, or of one of its actions. */
function printHelp(cli: CAC, command: Command, action: string | undefined): void {
  cli.globalCommand.helpCallback = (sections) => helpOfCommand(sections, command, action)
  command.outputHelp()
}

/** `serena-deck registry register`: whose help is shown for wrong use. */
function programOf(command: Command | undefined, action: string | undefined): string {
  const hasActions = command !== undefined && action !== undefined && hasAction(command.name, action)
  return ['serena-deck', ...(command ? [command.name] : []), ...(hasActions ? [action] : [])].join(' ')
}

/** Runs one command line (without `node` and the program); resolves to its exit code. No command means `open`. */
export async function runCli(words: readonly string[], terminal: Terminal): Promise<number> {
  const cli = createCommands(terminal)
  const [first] = words
  const isBare = first === undefined || (first.startsWith('-') && !/^(-h|--help|-v|--version)$/.test(first))
  const command = cli.commands.find((one) => one.isMatched(isBare ? 'open' : first))
  const others = isBare ? words : words.slice(1)
  const action = others.find((word) => !word.startsWith('-'))
  try {
    // Of the native window alone, and in no help.
    if (first === 'extension') {
      await (await import('./extension.ts')).runExtension(terminal)
      return 0
    }
    if (command === undefined) return runGlobal(cli, words)
    if (asksForHelp(others)) {
      printHelp(cli, command, action)
      return 0
    }
    const args = readArguments(others, command)
    cli.parse(['node', 'serena-deck', command.name, ...switchesLast(others, command)], { run: false })
    const places = command.args.map((_, at) => args[at])
    const exitCode: unknown = await command.commandAction?.(...places, cli.options)
    return typeof exitCode === 'number' ? exitCode : 0
  } catch (error) {
    return report(error, programOf(command, action), terminal)
  }
}

/** `--help`, `--help COMMAND`, `--version`, and what is no command. */
function runGlobal(cli: CAC, [first = '', second]: readonly string[]): number {
  if (!first.startsWith('-'))
    throw new AppError('wrong-use', {
      issue: first === '' ? 'The command is empty.' : `Unknown command ${visibleLine(first)}.`,
    })
  if (/^(-v|--version)$/.test(first)) cli.outputVersion()
  else {
    const command = cli.commands.find((one) => one.isMatched(second ?? ''))
    if (command) printHelp(cli, command, undefined)
    else cli.outputHelp()
  }
  return 0
}
