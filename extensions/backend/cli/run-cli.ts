// The commands, their flags and their help; errors leave as `why fix` on stderr with the exit code of the table. Each command is
// loaded when it is called: a window that starts waits for two of them.

import { type CAC, type Command, cac } from 'cac'
import { AppError, ERRORS } from '#contract/errors'
import { visibleLine } from '#contract/visible-text'
import { productVersion } from './product.ts'
import type { Terminal } from './terminal.ts'

const EXIT_CODES = {
  title: 'Exit codes',
  body: '  0 done, 1 failed, 2 wrong use, 3 nothing to do or not found',
}

function createCommands(terminal: Terminal): CAC {
  const cli = cac('serena-deck')
  cli
    .command(
      'open [target]',
      'Show the window, or the page in the browser; starts the backend when it does not run',
    )
    .option('--print', 'Print a fresh address of the running backend and open nothing')
    .option('--port <port>', 'Where to listen if it must be started; 0 takes any free port (default: 25282)')
    .option('--hidden', 'Start it and show nothing yet, as at login')
    .option('--browser', 'The page in the browser, never the window')
    .action(async (target: string | undefined, flags: unknown) =>
      (await import('./open.ts')).runOpen(target, flags, terminal),
    )
  cli
    .command('serve', 'Run the backend here until Ctrl+C; --stop ends the one that runs')
    .option('--json', 'Print one line of JSON when it is ready')
    .option('--port <port>', 'Listen there; 0 takes any free port (default: 25282)')
    .option('--stop', 'End the running backend and its window; exit code 3 when none runs')
    .action(async (flags: unknown) => (await import('./serve.ts')).runServe(flags, terminal))
  cli
    .command('list', 'List every Serena on this machine')
    .option('--json', 'Print JSON')
    .option('--watch', 'Print it again whenever it changes')
    .option('--all', 'Print each instance, also those of one client on one project')
    .action(async (flags: unknown) => (await import('./list.ts')).runList(flags, terminal))
  cli
    .command('status <target>', 'Show one instance; TARGET: pid, port, project name or path, pid:N, port:N')
    .option('--json', 'Print JSON')
    .action(async (target: string, flags: unknown) =>
      (await import('./status.ts')).runStatus(target, flags, terminal),
    )
  cli
    .command('logs <target>', 'Print the log of one instance')
    .option('-f, --follow', 'Go on with the lines to come')
    .option('-n, --lines <lines>', 'How many of the newest lines (default: 100)')
    .action(async (target: string, flags: unknown) =>
      (await import('./logs.ts')).runLogs(target, flags, terminal),
    )
  cli
    .command('stop <target>', 'Ask one instance to end, and wait; never forces')
    .option('--yes', 'Do not ask first')
    .option('--json', 'Print the receipt as JSON')
    .action(async (target: string, flags: unknown) =>
      (await import('./kill.ts')).runStop(target, flags, terminal),
    )
  cli
    .command('kill [target]', 'End one instance, or every zombie; forces in the end')
    .option('--zombies', 'Every red one whose client does not live')
    .option('--include-hung', 'With --zombies: also those that hang while their client lives')
    .option('--include-children', 'Also end what it started that is not its own: IDEs, browsers, servers')
    .option(
      '--unused-for <span>',
      'Every one without an MCP message for so long (30m, 5h, 2d); its client may be running',
    )
    .option('--dry-run', 'Show what would be ended and why, and end nothing')
    .option('--yes', 'Do not ask first')
    .option('--json', 'Print the receipt, or the plan of a dry run, as JSON')
    .action(async (target: string | undefined, flags: unknown) =>
      (await import('./kill.ts')).runKill(target, flags, terminal),
    )
  cli
    .command(
      'history [target]',
      'Print what happened: what started, turned red, recovered, ended, by whom and why',
    )
    .option('-n, --lines <lines>', 'How many of the newest records (default: 100)')
    .option('--json', 'Print one JSON document')
    .option('--json-lines', 'Print one JSON record a line, as the file has them')
    .action(async (target: string | undefined, flags: unknown) =>
      (await import('./history.ts')).runHistory(target, flags, terminal),
    )
  cli
    .command(
      'registry <action> [target]',
      'The shared registry: list, register PID, touch, update or deregister TARGET',
    )
    .option('--home <folder>', 'register: the SERENA_HOME (default: the one of the process)')
    .option('--port <port>', 'register, update: the port of its dashboard')
    .option('--project <name>', "register, update: its project's name; empty: not told")
    .option('--path <folder>', "register, update: its project's folder, with --project")
    .option('--context <name>', 'register, update: its context')
    .option('--mode <name>', 'register, update: one of its modes; may be given several times')
    .option('--json', 'Print JSON')
    .action(async (action: string, target: string | undefined, flags: unknown) =>
      (await import('./registry.ts')).runRegistry(action, target, flags, terminal),
    )
  cli
    .command(
      'wrap [...command]',
      'Run a Serena for an MCP client; stands in its configuration: wrap [flags] serena …',
    )
    .usage('wrap [flags] serena start-mcp-server …')
    .option('--web-dashboard-global [bool]', 'Use the one global dashboard, and open no other')
    .option('--web-dashboard-global-open-on-launch [bool]', 'Open it when this instance starts, once')
    .option('--web-dashboard-global-port <port>', 'Its port if it must be started (default: 25282)')
    .option('--idle-shutdown-minutes <minutes>', 'End the instance after so long without a tool call')
    .action(() => undefined)
  cli
    .command('install', 'Put Serena Deck among the programs of your desktop')
    .option('--json', 'Print what was written as JSON')
    .action(async (flags: unknown) => (await import('./install.ts')).runInstall(flags, terminal))
  cli
    .command('uninstall', 'Take every trace of Serena Deck away; your settings stay')
    .option('--yes', 'Do not ask first')
    .option('--json', 'Print what was removed as JSON')
    .action(async (flags: unknown) => (await import('./install.ts')).runUninstall(flags, terminal))
  cli
    .command('autostart <action>', 'Start Serena Deck hidden at login; ACTION: on, off, status')
    .option('--json', 'Print JSON')
    .action(async (action: string, flags: unknown) =>
      (await import('./autostart.ts')).runAutostart(action, flags, terminal),
    )
  cli
    .command('service <action>', 'Keep the backend up without a window; ACTION: install, uninstall, status')
    .option('--json', 'Print JSON')
    .action(async (action: string, flags: unknown) =>
      (await import('./service.ts')).runService(action, flags, terminal),
    )
  cli
    .command(
      'demo',
      'Show six little stand-ins (live, idle, starting, dead, soon hung); nothing of yours is touched',
    )
    .option('--instances <count>', 'So many live and idle ones instead; 0: the empty page')
    .option('--print', 'Print the address and open nothing')
    .option('--json', 'Print one line of JSON when it is ready')
    .option('--port <port>', 'Listen there (default: any free port)')
    .action(async (flags: unknown) => (await import('./demo.ts')).runDemo(flags, terminal))
  cli.help((sections) => (cli.matchedCommand ? sections : [...sections, EXIT_CODES]))
  cli.version(productVersion)
  return cli
}

/** Writes what went wrong and returns the exit code. */
function report(error: unknown, { writeError }: Terminal): number {
  const known =
    error instanceof Error && error.name === 'CACError'
      ? new AppError('wrong-use', { issue: `${visibleLine(error.message)}.` })
      : error
  if (known instanceof AppError) {
    const { fix, exitCode } = ERRORS[known.code]
    writeError(`${visibleLine(known.message)} ${visibleLine(fix(known.data))}\n`)
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

/** Runs one command line (without `node` and the program); resolves to its exit code. No command means `open`. */
export async function runCli(words: readonly string[], terminal: Terminal): Promise<number> {
  const cli = createCommands(terminal)
  const [first] = words
  const isBare = first === undefined || (first.startsWith('-') && !/^(-h|--help|-v|--version)$/.test(first))
  try {
    // Of the native window alone, and in no help.
    if (first === 'extension') {
      await (await import('./extension.ts')).runExtension(terminal)
      return 0
    }
    const command = cli.commands.find((one) => one.isMatched(isBare ? 'open' : first))
    if (command === undefined && !first?.startsWith('-'))
      throw new AppError('wrong-use', { issue: `There is no command ${visibleLine(first ?? '')}.` })
    const asked = switchesLast([...(isBare ? ['open'] : []), ...words], command)
    cli.parse(['node', 'serena-deck', ...asked], { run: false })
    if (cli.options['help'] === true || cli.options['version'] === true) return 0
    const exitCode: unknown = await cli.runMatchedCommand()
    return typeof exitCode === 'number' ? exitCode : 0
  } catch (error) {
    return report(error, terminal)
  }
}
