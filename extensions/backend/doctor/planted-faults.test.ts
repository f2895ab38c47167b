// A home with many different faults: each is found, once, at its place.
import { afterAll, describe, expect, it } from 'vitest'
import { type HomeFixture, installed, makeHome, servers, start, stdio } from './home.fixture.ts'

const FROM_CWD = '--project-from-cwd'
const ide = (...more: string[]): string[] => start('--context', 'ide', ...more)
const DECK = '/opt/serena-deck/dist/backend/cli.js'

/** By file: its content, and the findings with their lines. */
const FAULTS: Readonly<
  Record<string, { content: string | object; found: readonly (readonly [kind: string, line: number])[] }>
> = {
  '.claude.json': {
    content: servers({
      serena: stdio(start('--context', 'claude-code', FROM_CWD, '--disable-memories')),
      'serena-two': stdio(start('--context', 'claude-code', FROM_CWD)),
    }),
    found: [
      ['unknown-flag', 3],
      ['registered-twice', 13],
    ],
  },
  '.config/Claude/claude_desktop_config.json': {
    content: servers({ serena: stdio(start('--context', 'desktop-app', FROM_CWD)) }),
    found: [['folder-unknown', 3]],
  },
  '.cursor/mcp.json': {
    content: servers({ serena: { command: `serena start-mcp-server --context ide ${FROM_CWD}`, args: [] } }),
    found: [['one-string-command', 3]],
  },
  '.codex/config.toml': {
    content: `model = "x"\n\n[mcp_servers.serena]\ncommand = "serena"\nargs = ["start-mcp-server", "--context", "codex", "--project", "\${workspaceFolder}"]\n`,
    found: [['placeholder', 3]],
  },
  '.config/Code - Insiders/User/mcp.json': {
    content: {
      servers: {
        serena: { type: 'stdio', ...stdio(start('--context', 'vscode', '--project', '\${workspaceFolder}')) },
      },
    },
    found: [['placeholder', 3]],
  },
  '.gemini/settings.json': {
    content: servers({
      serena: {
        command: 'uvx',
        args: ['--from', 'git+https://github.com/oraios/serena', 'serena', ...ide(FROM_CWD)],
      },
    }),
    found: [['unpinned-source', 3]],
  },
  '.qwen/settings.json': {
    content: servers({ serena: stdio(start('--context', 'claude-code', FROM_CWD)) }),
    found: [['wrong-context', 3]],
  },
  '.copilot/mcp-config.json': {
    content: servers({
      serena: { type: 'local', ...stdio(start('--context', 'copilot-cli')), tools: ['*'] },
    }),
    found: [['no-project', 3]],
  },
  '.config/opencode/opencode.jsonc': {
    content: `{\n  // mine\n  "mcp": {\n    "serena": { "type": "local", "command": "serena start-mcp-server ${FROM_CWD}" }\n  }\n}\n`,
    found: [['ignored-entry', 4]],
  },
  '.factory/mcp.json': {
    content: servers({ serena: { type: 'stdio', ...stdio(ide(FROM_CWD, '--open-web-dashboard', 'true')) } }),
    found: [['pop-up', 3]],
  },
  '.config/zed/settings.json': {
    content: {
      context_servers: {
        serena: { source: 'custom', ...stdio(['start-mcp-server', '--context ', 'ide', FROM_CWD]) },
      },
    },
    found: [['hidden-white-space', 3]],
  },
  '.config/goose/config.yaml': {
    content: `extensions:\n  serena:\n    type: stdio\n    cmd: serena-mcp-server\n    args: ["--context", "ide", "${FROM_CWD}"]\n    enabled: true\n`,
    found: [['renamed-program', 2]],
  },
  '.config/Code/User/settings.json': {
    content: { 'mcp.servers': {}, mcp: { servers: { serena: stdio(ide(FROM_CWD)) } } },
    found: [
      ['folder-unknown', 5],
      ['old-place', 5],
    ],
  },
  '.config/amp/settings.json': {
    content: {
      'amp.mcpServers': {
        serena: {
          command: 'node',
          args: [DECK, 'wrap', '--web-dashboard-global', 'serena', ...ide(FROM_CWD)],
        },
      },
    },
    found: [['swallowed-dashes', 3]],
  },
  '.kiro/settings/mcp.json': {
    content: servers({ serena: stdio(ide('--project', '@home/gone')) }),
    found: [['project-missing', 3]],
  },
  '.augment/settings.json': {
    content: servers({ serena: stdio(ide(FROM_CWD, '--transport', 'streamable-http', '--host', '0.0.0.0')) }),
    found: [['exposed', 3]],
  },
  '.lmstudio/mcp.json': {
    content: '{ "mcpServers": { "serena": { "command": "serena", ',
    found: [['unread-config', 1]],
  },
  '.cline/data/settings/cline_mcp_settings.json': {
    content: servers({ serena: stdio(ide(FROM_CWD), { env: { SERENA_HOME: '@home/other' } }) }),
    found: [['several-homes', 3]],
  },
  '.mcporter/mcporter.json': {
    content: servers({
      serena: stdio(ide(FROM_CWD, '--log-level', 'INFO', '--api-key', 'sk-abcdefghij0123456789')),
    }),
    found: [
      ['unknown-flag', 3],
      ['secret-argument', 3],
    ],
  },
  '.kimi-code/mcp.json': {
    content: servers({
      serena: { command: 'uvx', args: ['--from', 'serena-agent==1.4.0', 'serena', ...ide(FROM_CWD)] },
    }),
    found: [['outdated-serena', 3]],
  },
  '.grok/config.toml': {
    content: `[mcp_servers.serena]\ncommand = "serena"\nargs = ["start-mcp-server", "--context", "ide-assistant", "${FROM_CWD}"]\n`,
    // Grok reads the file of Claude Code as well, where Serena has another name.
    found: [
      ['renamed-context', 1],
      ['registered-twice', 1],
    ],
  },
  '.pi/agent/mcp.json': {
    content: servers({ serena: { command: 'uvx', args: ['serena', ...ide(FROM_CWD)] } }),
    found: [['wrong-package', 3]],
  },
  '.serena/serena_config.yml': {
    content:
      'web_dashboard: true\nweb_dashboard_listen_address: 0.0.0.0\nprojects:\n  - @home/shop\n  - @home/year\n  - @home/tree\n',
    found: [['exposed', 2]],
  },
  'year/.serena/project.yml': {
    content: 'languages: [typescript]\nproject_name: 2024\n',
    found: [['broken-project', 2]],
  },
  'tree/.serena/project.yml': {
    content: 'project_name: tree\nlanguages: [typescript\n',
    found: [['broken-project', 3]],
  },
  'shop/.serena/project.yml': {
    content: 'project_name: shop\nlanguage_servers: [typescript]\n',
    found: [['mixed-versions', 2]],
  },
}

describe('a home with planted faults', () => {
  let fixture: HomeFixture | null = null
  afterAll(() => fixture?.remove())

  it('finds each of them once, with file and line', async () => {
    const files = Object.entries(FAULTS).map(([file, { content }]) => [file, content] as const)
    fixture = makeHome({ ...installed('2.1.0'), ...Object.fromEntries(files) })
    const { home, shop, doctor } = fixture
    const { diagnoses } = await doctor.report({ home, project: shop })
    const expected = Object.entries(FAULTS).flatMap(([file, { found }]) =>
      found.map(([kind, line]) => `${file}:${line} ${kind}`),
    )
    expect(
      diagnoses
        .map(({ kind, file, line }) => `${file?.replace(`${home}/`, '') ?? ''}:${line ?? ''} ${kind}`)
        .sort(),
    ).toEqual(expected.sort())
    expect(expected.length).toBeGreaterThanOrEqual(25)
    expect(new Set(diagnoses.map(({ id }) => id)).size).toBe(diagnoses.length)
  })
})
