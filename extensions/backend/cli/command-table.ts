// The commands of `serena-deck`: names, arguments, options and their texts. The parser, the help, the completions and
// docs/command-line.md are made from this table. Each command is loaded when it runs: the start of the window waits for two of them.
import { ALL_VIEWS, VIEWS } from '#contract/views'
import type { Terminal } from '../os/terminal.ts'
import { DOCTOR_OPTIONS } from './doctor-options.ts'
import { HUB_URL_ACTIONS } from './hub-url-actions.ts'
import { SETUP_OPTIONS } from './setup-options.ts'

export interface ArgumentSpec {
  /** `<name>` is required, `[name]` optional; `<name...>` takes several words. */
  name: string
  text: string
  /** What to do when it is missing or empty. */
  hint?: string
}

export interface CommandSpec {
  name: string
  /** Imperative, without a period. */
  text: string
  argument?: ArgumentSpec
  /** After the argument. It may be empty, which removes what it names. */
  second?: ArgumentSpec
  options?: readonly (readonly [flags: string, text: string])[]
  /** Of a command with actions, each action is a command of its own; `run` is then the command without an action. */
  actions?: readonly CommandSpec[]
  /** Started by other programs only; in no help. */
  isHidden?: boolean
  /** Resolves to the exit code; none is 0. Absent: it needs an action, or runs by itself. */
  run?(call: CommandCall): Promise<number | void>
}

export interface CommandCall {
  argument: string | undefined
  second: string | undefined
  /** All words of an argument that takes several. */
  words: readonly string[]
  /** Unknown until the command's schema has parsed them. */
  flags: unknown
  terminal: Terminal
}

const TARGET_TEXT = 'pid, port, project name or path, pid:N, port:N'
const TARGET_HINT = 'Run `serena-deck list` to see all instances.'
const target: ArgumentSpec = { name: '<target>', text: TARGET_TEXT, hint: TARGET_HINT }
const optionalTarget: ArgumentSpec = { ...target, name: '[target]' }
const entryTarget: ArgumentSpec = { ...target, hint: 'Run `serena-deck registry list` to see all entries.' }

const JSON_OPTION = ['--json', 'Print JSON'] as const
const READY_OPTION = ['--json', 'Print one line of JSON when the backend is ready'] as const
const YES_OPTION = ['--yes', 'Do not ask for confirmation'] as const
const ENTRY_OPTIONS = [
  ['--port <port>', 'Port of the dashboard'],
  ['--project <name>', 'Name of the project; empty: unknown'],
  ['--path <folder>', 'Folder of the project; requires --project'],
  ['--context <name>', 'Name of the context'],
  ['--mode <name>', 'Name of a mode; can be given several times'],
] as const

const WRAP_OPTIONS = [
  ['--web-dashboard-global [bool]', 'Use one shared dashboard instead of one per instance'],
  ['--web-dashboard-global-open-on-launch [bool]', 'Open the shared dashboard once for this instance'],
  ['--web-dashboard-global-port <port>', 'Port of the shared dashboard if it is started (default: 25282)'],
  ['--idle-shutdown-minutes <minutes>', 'Minutes without a tool call after which the instance is ended'],
] as const

/** An action of `registry`, `service` or `autostart`. */
type Action = Omit<CommandSpec, 'run' | 'actions'>

const hubTarget: ArgumentSpec = {
  name: '[serena]',
  text: 'id in the hub, pid, project name or path',
  hint: 'Run `serena-deck hub status` to see all of them.',
}

const withRun = <const Name extends string>(
  actions: readonly (Action & { name: Name })[],
  run: (action: Name, call: CommandCall) => Promise<number | void>,
): readonly CommandSpec[] =>
  actions.map(
    (action): CommandSpec => ({
      ...action,
      options: [...(action.options ?? []), JSON_OPTION],
      run: (call) => run(action.name, call),
    }),
  )

const viewing: readonly CommandSpec[] = [
  {
    name: 'open',
    text: 'Open Serena Deck in its window or in the browser; start the backend if needed',
    argument: { ...optionalTarget, text: `Instance to show: ${TARGET_TEXT}` },
    options: [
      ['--print', 'Print a new address of the running backend without opening it'],
      ['--port <port>', 'Port of the backend if it is started; 0 selects a free port (default: 25282)'],
      ['--hidden', 'Start the backend without opening anything, as at login'],
      ['--browser', 'Open the page in the browser instead of the window'],
      ['--view <name>', `View to show: ${VIEWS.join(', ')}; without a target ${ALL_VIEWS.join(', ')}`],
    ],
    run: async ({ argument, flags, terminal }) =>
      (await import('./open.ts')).runOpen(argument, flags, terminal),
  },
  {
    name: 'jump',
    text: "Bring the terminal or editor of an instance's client to the front",
    argument: target,
    options: [JSON_OPTION],
    run: async ({ argument = '', flags, terminal }) =>
      (await import('./jump.ts')).runJump(argument, flags, terminal),
  },
  {
    name: 'serve',
    text: 'Run the backend in the foreground until Ctrl+C, or stop the running one',
    options: [
      READY_OPTION,
      ['--port <port>', 'Port to listen on; 0 selects a free port (default: 25282)'],
      ['--stop', 'Stop the running backend and its window; exit code 3 if none is running'],
    ],
    run: async ({ flags, terminal }) => (await import('./serve.ts')).runServe(flags, terminal),
  },
  {
    name: 'list',
    text: 'List all Serena instances on this machine',
    options: [
      JSON_OPTION,
      ['--watch', 'Print the list again after each change'],
      ['--all', 'Print each instance of a group in its own row'],
    ],
    run: async ({ flags, terminal }) => (await import('./list.ts')).runList(flags, terminal),
  },
  {
    name: 'status',
    text: 'Show all facts about one instance',
    argument: target,
    options: [JSON_OPTION],
    run: async ({ argument = '', flags, terminal }) =>
      (await import('./status.ts')).runStatus(argument, flags, terminal),
  },
  {
    name: 'logs',
    text: 'Print the log of one instance',
    argument: target,
    options: [
      ['-f, --follow', 'Follow the log until Ctrl+C'],
      ['-n, --lines <count>', 'Number of lines, newest last (default: 100)'],
    ],
    run: async ({ argument = '', flags, terminal }) =>
      (await import('./logs.ts')).runLogs(argument, flags, terminal),
  },
  {
    name: 'history',
    text: 'Print the history of instances: starts, state changes and exits, with reasons',
    argument: optionalTarget,
    options: [
      ['-n, --lines <count>', 'Number of records, newest last (default: 100)'],
      ['--json', 'Print one JSON document'],
      ['--json-lines', 'Print one JSON record per line'],
    ],
    run: async ({ argument, flags, terminal }) =>
      (await import('./history.ts')).runHistory(argument, flags, terminal),
  },
]

const ending: readonly CommandSpec[] = [
  {
    name: 'stop',
    text: 'Shut down one instance gracefully, without SIGKILL',
    argument: target,
    options: [YES_OPTION, ['--json', 'Print the receipt as JSON']],
    run: async ({ argument = '', flags, terminal }) =>
      (await import('./kill.ts')).runStop(argument, flags, terminal),
  },
  {
    name: 'kill',
    text: 'End one instance or all zombies: graceful shutdown, then SIGTERM, then SIGKILL',
    argument: optionalTarget,
    options: [
      ['--zombies', 'End all zombies: red instances without a running client'],
      ['--include-hung', 'With --zombies: also end hung instances whose client may be running'],
      ['--include-children', 'Also end other programs that the instance started: IDEs, browsers, servers'],
      [
        '--unused-for <span>',
        'End all instances without an MCP message for this time (30m, 5h, 2d); their clients may be running',
      ],
      ['--dry-run', 'Show what would be ended and why, without ending anything'],
      YES_OPTION,
      ['--json', 'Print the receipt, or the plan of a dry run, as JSON'],
    ],
    run: async ({ argument, flags, terminal }) =>
      (await import('./kill.ts')).runKill(argument, flags, terminal),
  },
]

const labels: readonly CommandSpec[] = [
  {
    name: 'label',
    text: "Set the label of an instance's project",
    argument: target,
    second: { name: '<text>', text: 'one line of at most 60 characters; "" removes the label' },
    options: [JSON_OPTION],
    run: async ({ argument, second, flags, terminal }) =>
      (await import('./label.ts')).runLabel('label', [argument, second], flags, terminal),
  },
  {
    name: 'note',
    text: "Set the note of an instance's project",
    argument: target,
    second: { name: '<text>', text: 'at most 2000 characters; "" removes the note' },
    options: [JSON_OPTION],
    run: async ({ argument, second, flags, terminal }) =>
      (await import('./label.ts')).runLabel('note', [argument, second], flags, terminal),
  },
  {
    name: 'leave-alone',
    text: 'Protect the instances of a project: they are ended only by name, never as zombies, as unused, or by pruning',
    argument: target,
    second: { name: '<state>', text: 'on or off' },
    run: async ({ argument, second, flags, terminal }) =>
      (await import('./label.ts')).runLabel('leave-alone', [argument, second], flags, terminal),
  },
]

const setup: readonly CommandSpec[] = [
  {
    name: 'registry',
    text: 'List or change the entries of the shared registry of instances',
    actions: withRun(
      [
        { name: 'list', text: 'List the entries of the shared registry' },
        {
          name: 'register',
          text: 'Register a running process in the shared registry',
          argument: { name: '<pid>', text: 'Process ID of the instance' },
          options: [
            ['--home <folder>', 'SERENA_HOME of the instance (default: that of the process)'],
            ...ENTRY_OPTIONS,
          ],
        },
        { name: 'touch', text: 'Confirm that an entry is still valid', argument: entryTarget },
        { name: 'update', text: 'Change an entry', argument: entryTarget, options: ENTRY_OPTIONS },
        { name: 'deregister', text: 'Remove an entry', argument: entryTarget },
      ],
      async (action, { argument, flags, terminal }) =>
        (await import('./registry.ts')).runRegistry(action, argument, flags, terminal),
    ),
  },
  {
    name: 'wrap',
    text: "Run Serena for an MCP client; used in the client's configuration",
    argument: { name: '<command...>', text: 'Command line of Serena: serena start-mcp-server …' },
    options: WRAP_OPTIONS,
  },
  {
    name: 'connect',
    text: "Connect an MCP client to the shared Serena of its project; used in the client's configuration",
    argument: { name: '<command...>', text: 'Command line of Serena: serena start-mcp-server …' },
    options: [
      ...WRAP_OPTIONS,
      ['--private [bool]', 'Do not share its Serena with other clients'],
      ['--share-as <name>', 'Share only with clients of the same name'],
    ],
  },
  {
    name: 'hub',
    text: 'Show or manage the hub, which runs one Serena for all clients of a project',
    actions: [
      ...withRun(
        [
          {
            name: 'status',
            text: 'Show the Serenas of the hub, their clients and the memory saved (default)',
          },
          {
            name: 'stop',
            text: 'End one Serena of the hub, or the hub; the next call of a client starts it again',
            argument: hubTarget,
            options: [YES_OPTION],
          },
          {
            name: 'restart',
            text: 'End one Serena of the hub, or all, and start them again',
            argument: hubTarget,
            options: [YES_OPTION],
          },
          {
            name: 'detach',
            text: 'Disconnect one client from the hub',
            argument: {
              name: '<client>',
              text: 'id in the hub, or pid',
              hint: 'Run `serena-deck hub status` to see all clients.',
            },
            options: [YES_OPTION],
          },
        ],
        async (action, { argument, flags, terminal }) =>
          (await import('./hub.ts')).runHub(action, argument, flags, terminal),
      ),
      ...HUB_URL_ACTIONS,
    ],
    run: async ({ terminal }) => (await import('./hub.ts')).runHub('status', undefined, {}, terminal),
  },
  {
    name: 'doctor',
    text: 'Check the configurations of your MCP clients for problems; exit code 1 if there are findings',
    argument: { name: '[id...]', text: 'ids of findings, with --fix' },
    options: DOCTOR_OPTIONS,
    run: async ({ words, flags, terminal }) =>
      (await import('./doctor.ts')).runDoctor(words, flags, terminal),
  },
  {
    name: 'setup',
    text: 'Set up one Serena per project for your MCP clients: shows every change, asks first, then tests one client',
    options: SETUP_OPTIONS,
    run: async ({ flags, terminal }) => (await import('./setup.ts')).runSetup(flags, terminal),
  },
  {
    name: 'install',
    text: 'Add Serena Deck to the applications of your desktop',
    options: [['--json', 'Print the written files as JSON']],
    run: async ({ flags, terminal }) => (await import('./install.ts')).runInstall(flags, terminal),
  },
  {
    name: 'uninstall',
    text: 'Uninstall Serena Deck (keeps your settings)',
    options: [YES_OPTION, ['--json', 'Print the removed files as JSON']],
    run: async ({ flags, terminal }) => (await import('./install.ts')).runUninstall(flags, terminal),
  },
  {
    name: 'autostart',
    text: 'Start Serena Deck hidden at login',
    actions: withRun(
      [
        { name: 'on', text: 'Start Serena Deck hidden at login' },
        { name: 'off', text: 'Stop starting Serena Deck at login' },
        { name: 'status', text: 'Show whether Serena Deck starts at login' },
      ],
      async (action, { flags, terminal }) =>
        (await import('./autostart.ts')).runAutostart(action, flags, terminal),
    ),
  },
  {
    name: 'service',
    text: 'Run the backend as a service of this user, without a window',
    actions: withRun(
      [
        { name: 'install', text: 'Install and start the service' },
        { name: 'uninstall', text: 'Stop and remove the service' },
        { name: 'status', text: 'Show whether the service is installed and running' },
      ],
      async (action, { flags, terminal }) =>
        (await import('./service.ts')).runService(action, flags, terminal),
    ),
  },
  {
    name: 'demo',
    text: 'Show Serena Deck with simulated instances; your own are not affected',
    options: [
      [
        '--instances <count>',
        'Number of live and idle instances, instead of the default mix of states; 0 shows the empty page',
      ],
      ['--print', 'Print the address without opening it'],
      READY_OPTION,
      ['--port <port>', 'Port to listen on (default: a free port)'],
    ],
    run: async ({ flags, terminal }) => (await import('./demo.ts')).runDemo(flags, terminal),
  },
  {
    name: 'complete',
    text: 'Print a completion script for your shell',
    argument: { name: '<shell>', text: 'bash, zsh, fish or powershell' },
    run: async ({ argument = '' }) => (await import('./completion-script.ts')).printScript(argument),
  },
  {
    name: 'extension',
    text: 'Serve the native window (started by the window)',
    isHidden: true,
    run: async ({ terminal }) => (await import('./extension.ts')).runExtension(terminal),
  },
]

export const COMMANDS: readonly CommandSpec[] = [...viewing, ...ending, ...labels, ...setup]
