// The actions of `hub` for its URL and for the configurations of clients, as rows of the command table.
import type { Terminal } from '../os/terminal.ts'

interface Call {
  argument: string | undefined
  flags: unknown
  terminal: Terminal
}

export const HUB_URL_ACTIONS = [
  {
    name: 'start',
    text: 'Start the hub if it is not running; clients that use a command start it automatically',
    options: [
      ['--http', 'Also serve it at a URL, as with hub_http: true'],
      ['--json', 'Print JSON'],
    ],
    run: async ({ flags, terminal }: Call) => (await import('./hub-start.ts')).runHubStart(flags, terminal),
  },
  {
    name: 'snippet',
    text: 'Print the configuration for a client, with a command and with a URL',
    argument: {
      name: '<client>',
      text: 'claude-code, codex, cursor, vscode, gemini-cli, windsurf, zed, …',
      hint: 'An unknown name prints all of them.',
    },
    options: [
      ['--project <project>', 'Name or path of the project in the URL (default: that of this folder)'],
      ['--json', 'Print JSON'],
    ],
    run: async ({ argument, flags, terminal }: Call) =>
      (await import('./hub-snippet.ts')).runHubSnippet(argument, flags, terminal),
  },
] as const
