// Homes without a fault, in the shapes that real clients write: nothing is found, not even a suggestion.
import { describe, expect, it } from 'vitest'
import { installed, makeHome, servers, start, stdio } from './home.fixture.ts'

type Files = Readonly<Record<string, string | object>>

const FROM_CWD = '--project-from-cwd'
const DECK = '/opt/serena-deck/dist/backend/cli.js'
const claude = (...more: string[]): string[] => start('--context', 'claude-code', ...more)
const ide = (...more: string[]): string[] => start('--context', 'ide', ...more)
const node = (...args: string[]): object => ({ command: '/usr/bin/node', args: [DECK, ...args] })
const json = (value: unknown): string => JSON.stringify(value, null, 2)
const CLAUDE_USER = servers({ serena: { type: 'stdio', ...stdio(claude(FROM_CWD), { env: {} }) } })
const codex = (...args: string[]): string =>
  `[mcp_servers.serena]\ncommand = "serena"\nargs = ${JSON.stringify(args)}\n`
const SETTINGS =
  'web_dashboard: true\nweb_dashboard_open_on_launch: false\nweb_dashboard_listen_address: 127.0.0.1\nprojects:\n  - @home/shop\n'
const CRASH = `ERROR 2026-11-29 10:00:01,000 [MainThread] serena.cli:start:1 - Fatal exception\nTypeError: x\n`
const GOOD_LOG = `INFO  2026-11-29 11:00:00,000 [MainThread] serena.agent:start:1 - Starting Serena server (version=2.1.0, process id=4)\nINFO  2026-11-29 11:20:00,000 [MainThread] serena.agent:end:1 - Shutting down\n`

const HOMES: Readonly<Record<string, Files>> = {
  'no client at all': { 'notes.txt': 'serena' },
  'Claude Code, user': { '.claude.json': CLAUDE_USER },
  'Claude Code, as its own setup command writes it': {
    '.claude.json': servers({
      serena: {
        type: 'stdio',
        command: 'serena',
        args: ['start-mcp-server', '--context=claude-code', FROM_CWD],
        env: {},
      },
    }),
  },
  'Claude Code, local entries of two projects': {
    '.claude.json': {
      projects: {
        '@home/shop': servers({ serena: stdio(claude('--project', '@home/shop')) }),
        '@home/other': servers({ serena: stdio(claude('--project', '/srv/other')) }),
      },
    },
  },
  'Claude Code, project': { 'shop/.mcp.json': servers({ serena: stdio(claude('--project', '@home/shop')) }) },
  'Claude Code with one entry off': {
    '.claude.json': { ...CLAUDE_USER, projects: { '@home/shop': { disabledMcpServers: [] } } },
    'shop/.mcp.json': servers({ other: { command: 'npx', args: ['other'] } }),
  },
  'Claude Desktop without a project, next to Claude Code': {
    '.config/Claude/claude_desktop_config.json': servers({
      serena: stdio(start('--context', 'desktop-app')),
    }),
    '.claude.json': CLAUDE_USER,
  },
  'Claude Code, Codex and Gemini through the hub, each with its context': {
    '.claude.json': servers({
      serena: { type: 'stdio', ...node('connect', '--', 'serena', ...claude(FROM_CWD)) },
    }),
    '.codex/config.toml': `[mcp_servers.serena]\ncommand = "/usr/bin/node"\nargs = ${JSON.stringify([DECK, 'connect', '--', 'serena', ...start('--context', 'codex', FROM_CWD)])}\n`,
    '.gemini/settings.json': servers({ serena: node('connect', '--', 'serena', ...ide(FROM_CWD)) }),
  },
  'two clients of the hub on one folder with equal arguments': {
    'shop/.cursor/mcp.json': servers({
      serena: node('connect', '--', 'serena', ...ide('--project', '@home/shop')),
    }),
    'shop/.gemini/settings.json': servers({
      serena: node('connect', '--', 'serena', ...ide('--project', '@home/shop')),
    }),
  },
  'two clients that take the folder of the session': {
    '.codex/config.toml': codex(...start('--context=codex', FROM_CWD)),
    '.qwen/settings.json': servers({ serena: stdio(ide(FROM_CWD)) }),
  },
  'wrap with and without the two hyphens': {
    '.cursor/mcp.json': servers({
      serena: node('wrap', '--web-dashboard-global', '--', 'serena', ...ide(FROM_CWD)),
    }),
    '.factory/mcp.json': servers({ serena: { type: 'stdio', ...node('wrap', 'serena', ...ide(FROM_CWD)) } }),
  },
  'VS Code with comments, inputs and its placeholder': {
    'shop/.vscode/mcp.json': `{\n  // mine\n  "inputs": [],\n  "servers": {\n    "serena": { "type": "stdio", "command": "serena", "args": ${json(start('--context', 'vscode', '--project', '\${workspaceFolder}'))} },\n  },\n}\n`,
    '.config/Code/User/settings.json': '{\n  "editor.fontSize": 12, // big\n}\n',
  },
  'Cursor, user and another project': {
    '.cursor/mcp.json': servers({ serena: stdio(ide('--project', '\${workspaceFolder}')) }),
  },
  'Zed and opencode': {
    '.config/zed/settings.json': {
      context_servers: { serena: { source: 'custom', ...stdio(ide(FROM_CWD), { env: {} }) } },
    },
    '.config/opencode/opencode.jsonc': {
      mcp: { serena: { type: 'local', command: ['serena', ...ide(FROM_CWD)], enabled: true } },
    },
  },
  'Goose and Continue in YAML': {
    '.config/goose/config.yaml': `extensions:\n  serena:\n    name: serena\n    type: stdio\n    cmd: serena\n    args: [start-mcp-server, --context, ide, ${FROM_CWD}]\n    enabled: true\n    timeout: 300\n`,
    '.continue/config.yaml': `name: mine\nmcpServers:\n  - name: serena\n    command: serena\n    args:\n      - start-mcp-server\n      - --context\n      - ide\n      - ${FROM_CWD}\n`,
  },
  'packages with one version': {
    '.gemini/settings.json': servers({
      serena: {
        command: 'uvx',
        args: ['--from', 'git+https://github.com/oraios/serena@v2.1.0', 'serena', ...ide(FROM_CWD)],
      },
    }),
    '.qwen/settings.json': servers({
      serena: {
        command: 'uvx',
        args: ['-p', '3.13', '--from', 'serena-agent==2.1.0', 'serena', ...ide(FROM_CWD)],
      },
    }),
  },
  'a package without a version, and uv run': {
    '.gemini/settings.json': servers({
      serena: { command: 'uvx', args: ['--from', 'serena-agent', 'serena', ...ide(FROM_CWD)] },
    }),
    '.cursor/mcp.json': servers({
      serena: { command: 'uv', args: ['run', '--directory', '/srv/serena', 'serena', ...ide(FROM_CWD)] },
    }),
  },
  'a shell that changes the folder': {
    '.cursor/mcp.json': servers({
      serena: {
        command: 'bash',
        args: [
          '-lc',
          'cd "$WORKSPACE_FOLDER_PATHS" && exec serena start-mcp-server --context ide --project "$PWD"',
        ],
      },
    }),
  },
  'a container': {
    '.codex/config.toml': `[mcp_servers.serena]\ncommand = "docker"\nargs = ["run", "--rm", "-i", "--network", "host", "-v", "/srv:/workspaces", "ghcr.io/oraios/serena:latest", "serena", "start-mcp-server", "--context", "codex", "--project", "/workspaces/shop", "--transport", "stdio"]\nstartup_timeout_sec = 60\n`,
  },
  'URLs of this machine': {
    '.claude.json': servers({ serena: { type: 'http', url: 'http://127.0.0.1:9121/mcp' } }),
    '.gemini/settings.json': servers({
      serena: {
        httpUrl: 'http://127.0.0.1:25283/mcp/shop?context=ide',
        headers: { Authorization: 'Bearer abcdefgh12345678' },
      },
    }),
    '.codeium/windsurf/mcp_config.json': servers({ serena: { serverUrl: 'http://127.0.0.1:9121/mcp' } }),
  },
  'faulty entries that are off': {
    '.factory/mcp.json': servers({
      serena: { ...stdio(['start-mcp-server', '--nothing']), disabled: true },
      good: stdio(ide(FROM_CWD)),
    }),
    '.config/opencode/opencode.json': {
      mcp: {
        serena: {
          type: 'local',
          command: ['serena', 'start-mcp-server', '--host', '0.0.0.0'],
          enabled: false,
        },
      },
    },
  },
  'a settings file, projects and their comments': {
    ...installed('2.1.0'),
    '.claude.json': CLAUDE_USER,
    '.serena/serena_config.yml': SETTINGS,
    'shop/.serena/project.yml':
      '# the project\nproject_name: "2024"\nlanguage_servers:\n- typescript\ninitial_prompt: |\n  # Title\n  Use tabs.\n',
  },
  'an old project with one old Serena after 1.5.2': {
    ...installed('1.6.1'),
    '.codex/config.toml': codex(...start('--context', 'codex', '--project', 'shop')),
    '.serena/serena_config.yml': SETTINGS,
    'shop/.serena/project.yml': 'project_name: shop\nlanguages: [python]\n',
  },
  'one SERENA_HOME in all entries, and an address without a secret': {
    '.gemini/settings.json': servers({
      serena: stdio(ide(FROM_CWD), { env: { SERENA_HOME: '/srv/serena', API_KEY: '$API_KEY' } }),
    }),
    '.qwen/settings.json': servers({ serena: stdio(ide(FROM_CWD), { env: { SERENA_HOME: '/srv/serena' } }) }),
  },
  'a program in a folder with blanks': {
    'my tools/bin/serena': '#!/bin/sh\n',
    '.kiro/settings/mcp.json': servers({
      serena: { command: '@home/my tools/bin/serena', args: ide(FROM_CWD) },
    }),
    '.config/amp/settings.json': {
      'amp.mcpServers': { serena: { command: 'C:\\Program Files\\Serena\\serena.exe', args: ide(FROM_CWD) } },
    },
  },
  'two projects by name in one client': {
    '.copilot/mcp-config.json': servers({
      a: { type: 'local', ...stdio(start('--context', 'copilot-cli', '--project', '/srv/a')), tools: ['*'] },
      b: { type: 'local', ...stdio(start('--context', 'copilot-cli', '--project', '/srv/b')), tools: ['*'] },
    }),
  },
  'an agent without a folder, and a server that only has a similar name': {
    '.gemini/config/mcp_config.json': servers({ serena: stdio(start('--context', 'antigravity')) }),
    '.cursor/mcp.json': servers({
      'serena-slides': { command: 'npx', args: ['-y', 'serena-slides-mcp', '--port', '80'] },
    }),
  },
  'other servers with faults that are none of ours': {
    '.claude.json': servers({
      serena: stdio(claude(FROM_CWD)),
      db: { command: 'npx db ', args: ['--token', 'sk-abcdefghij0123456789', '~/x', '--host', '0.0.0.0'] },
    }),
  },
  'a start that failed before a later one lasted': {
    '.claude.json': CLAUDE_USER,
    '.serena/logs/2026-11-29/mcp_20261129-100000_3.txt': CRASH,
    '.serena/logs/2026-11-29/mcp_20261129-110000_4.txt': GOOD_LOG,
  },
}

describe('a healthy home', () => {
  it('is tested in at least 25 shapes', () => {
    expect(Object.keys(HOMES).length).toBeGreaterThanOrEqual(25)
  })

  it.each(Object.entries(HOMES))('has no finding: %s', async (_, files) => {
    const { home, shop, doctor, remove } = makeHome(files)
    const { diagnoses, report } = await doctor.report({ home, project: shop })
    remove()
    expect(diagnoses.map(({ kind, title }) => `${kind}: ${title}`)).toEqual([])
    if (!('notes.txt' in files)) expect(report.entries.length).toBeGreaterThan(0)
  })
})
