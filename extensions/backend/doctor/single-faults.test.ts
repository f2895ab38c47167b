// Faults one by one: each home has one of them, or the ones that belong together.
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Examination } from './doctor.ts'
import { type HomeFixture, installed, makeHome, servers, start, stdio } from './home.fixture.ts'

type Files = Readonly<Record<string, string | object>>

const FROM_CWD = '--project-from-cwd'
const DECK = '/opt/serena-deck/dist/backend/cli.js'
const claude = (...more: string[]): string[] => start('--context', 'claude-code', ...more)
const ide = (...more: string[]): string[] => start('--context', 'ide', ...more)
const connect = (...args: string[]): object => ({
  command: 'node',
  args: [DECK, 'connect', '--', 'serena', ...args],
})
const uvx = (from: string, ...args: string[]): object => ({
  command: 'uvx',
  args: ['--from', from, 'serena', ...args],
})
const LOG = '.serena/logs/2026-11-29/mcp_20261129-100000_3.txt'
const CRASH =
  'INFO  2026-11-29 10:00:00,000 [MainThread] serena.cli:start:1 - Starting\nERROR 2026-11-29 10:00:02,000 [MainThread] serena.cli:start:1 - Fatal exception\nTraceback (most recent call last):\nTypeError: sequence item 0: expected str instance, int found\n'

const HOMES: Readonly<Record<string, readonly [files: Files, found: readonly string[]]>> = {
  'an entry of the user behind one of the project': [
    {
      '.claude.json': servers({ serena: stdio(claude(FROM_CWD)) }),
      'shop/.mcp.json': servers({ serena: stdio(claude('--project', '@home/shop')) }),
    },
    ['shadowed-entry .claude.json:3'],
  ],
  'a plugin next to an own entry': [
    {
      '.claude.json': servers({ 'my-serena': stdio(claude(FROM_CWD)) }),
      '.claude/settings.json': { enabledPlugins: { 'serena@official': true } },
      '.claude/plugins/installed_plugins.json': {
        version: 2,
        plugins: {
          'serena@official': [
            {
              scope: 'user',
              installPath: '@home/.claude/plugins/cache/official/serena/1.0.0',
              version: '1.0.0',
            },
          ],
        },
      },
      '.claude/plugins/cache/official/serena/1.0.0/.claude-plugin/plugin.json': { name: 'serena' },
      '.claude/plugins/cache/official/serena/1.0.0/.mcp.json': servers({
        serena: uvx('serena-agent==2.1.0', ...claude(FROM_CWD)),
      }),
    },
    ['registered-twice .claude.json:3'],
  ],
  'two clients on one folder': [
    {
      'shop/.mcp.json': servers({ serena: stdio(claude('--project', '@home/shop')) }),
      'shop/.cursor/mcp.json': servers({ serena: stdio(ide('--project', '@home/shop')) }),
    },
    ['two-clients-one-root shop/.mcp.json:3'],
  ],
  'two clients of the hub that differ': [
    {
      '.gemini/settings.json': servers({ serena: connect(...ide(FROM_CWD, '--mode', 'planning')) }),
      '.qwen/settings.json': servers({ serena: connect(...ide(FROM_CWD)) }),
    },
    ['not-shareable .qwen/settings.json:3'],
  ],
  'two versions in two clients': [
    {
      '.gemini/settings.json': servers({ serena: uvx('serena-agent==2.0.0', ...ide(FROM_CWD)) }),
      '.qwen/settings.json': servers({
        serena: uvx('git+https://github.com/oraios/serena@v2.1.0', ...ide(FROM_CWD)),
      }),
    },
    ['several-versions .gemini/settings.json:3'],
  ],
  'an option that only a later version has': [
    {
      ...installed('1.7.0'),
      '.gemini/settings.json': servers({ serena: stdio(ide(FROM_CWD, '--agent-interface', 'REPL')) }),
    },
    ['unknown-flag .gemini/settings.json:3'],
  ],
  'a settings file that is not YAML': [
    { '.serena/serena_config.yml': 'web_dashboard: true\nprojects: [\n' },
    ['broken-settings .serena/serena_config.yml:3'],
  ],
  'pop-ups by the settings file': [
    {
      '.serena/serena_config.yml': 'web_dashboard: true\nweb_dashboard_open_on_launch: true\n',
      '.gemini/settings.json': servers({ serena: stdio(ide(FROM_CWD)) }),
    },
    ['pop-up .serena/serena_config.yml:2'],
  ],
  'a start that failed': [{ [LOG]: CRASH }, [`crashed-start ${LOG}:`]],
  'a project name that is not registered': [
    {
      '.serena/serena_config.yml': 'projects:\n  - @home/shop\n',
      '.gemini/settings.json': servers({ serena: stdio(ide('--project', 'shopp')) }),
    },
    ['project-unknown .gemini/settings.json:3'],
  ],
  'a shell variable that no shell sees': [
    {
      '.codex/config.toml':
        '[mcp_servers.serena]\ncommand = "serena"\nargs = ["start-mcp-server", "--context", "codex", "--project", "$(pwd)"]\n',
    },
    ['placeholder .codex/config.toml:1'],
  ],
  'a tilde': [
    { '.kiro/settings/mcp.json': servers({ serena: stdio(ide('--project', '~/shop')) }) },
    ['placeholder .kiro/settings/mcp.json:3'],
  ],
  'a zero-width space in the program': [
    { '.kiro/settings/mcp.json': servers({ serena: { command: 'serena\u200b', args: ide(FROM_CWD) } }) },
    ['hidden-white-space .kiro/settings/mcp.json:3'],
  ],
  'a URL without a type in Claude Code': [
    { '.claude.json': servers({ serena: { url: 'http://127.0.0.1:9121/mcp' } }) },
    ['ignored-entry .claude.json:3'],
  ],
  'a branch instead of a tag': [
    {
      '.gemini/settings.json': servers({
        serena: uvx('git+https://github.com/oraios/serena@main', ...ide(FROM_CWD)),
      }),
    },
    ['unpinned-source .gemini/settings.json:3'],
  ],
  'an old cache beside the one in use': [
    {
      '.serena/serena_config.yml': 'projects:\n  - @home/shop\n',
      'shop/.serena/project.yml': 'project_name: shop\nlanguages: [python]\n',
      'shop/.serena/cache/python/document_symbols.pkl': 'x',
      'shop/.serena/cache/python/document_symbols_cache_v23-06-25.pkl': 'x'.repeat(1_200_000),
    },
    ['unused-files shop/.serena/cache/python:'],
  ],
  'logs of last year': [
    { '.serena/logs/2025-01-01/mcp_20250101-100000_3.txt': 'x'.repeat(1_500_000) },
    ['unused-files .serena/logs:'],
  ],
}

const found = ({ diagnoses }: Examination, { home }: HomeFixture): string[] =>
  diagnoses.map(({ kind, file, line }) => `${kind} ${(file ?? '').replace(`${home}/`, '')}:${line ?? ''}`)

async function examineHome(
  files: Files,
  prepare: (fixture: HomeFixture) => void = () => undefined,
): Promise<string[]> {
  const fixture = makeHome(files)
  prepare(fixture)
  const examination = await fixture.doctor.report({ home: fixture.home, project: fixture.shop })
  fixture.remove()
  return found(examination, fixture)
}

describe('a home with one fault', () => {
  it.each(Object.entries(HOMES))('has one finding: %s', async (_, [files, expected]) => {
    expect(await examineHome(files)).toEqual(expected)
  })

  it('has a secret that others can read', async () => {
    const entry = stdio(ide(FROM_CWD), { env: { GITHUB_TOKEN: 'ghp_abcdefghij0123456789' } })
    const open = ({ home }: HomeFixture): void => chmodSync(join(home, '.gemini/settings.json'), 0o644)
    const files = { '.gemini/settings.json': servers({ serena: entry }) }
    expect(await examineHome(files, open)).toEqual(['readable-secret .gemini/settings.json:3'])
    expect(await examineHome(files)).toEqual([])
  })

  it('has two projects with one data folder', async () => {
    const files = {
      '.serena/serena_config.yml': 'projects:\n  - @home/shop\n  - @home/tree\n',
      'shop/.serena/project.yml': 'project_name: shop\nlanguages: [python]\n',
    }
    const share = ({ home, shop }: HomeFixture): void => {
      mkdirSync(join(home, 'tree'))
      symlinkSync(join(shop, '.serena'), join(home, 'tree/.serena'))
    }
    expect(await examineHome(files, share)).toEqual(['shared-data shop/.serena/project.yml:1'])
  })
})

describe('this machine', () => {
  it('lacks a program and a project folder', async () => {
    const fixture = makeHome({
      '.gemini/settings.json': servers({ serena: { command: 'no-such-serena', args: ide(FROM_CWD) } }),
      '.qwen/settings.json': servers({
        serena: { command: '/bin/sh', args: ['-c', 'serena start-mcp-server'], cwd: '@home/gone' },
      }),
    })
    const examination = await fixture.doctor.report()
    fixture.remove()
    expect(found(examination, fixture)).toEqual([
      'program-missing .gemini/settings.json:3',
      'project-missing .qwen/settings.json:3',
      'no-project .qwen/settings.json:3',
    ])
  })

  it('keeps a finding quiet that is ignored, and shows it again', async () => {
    const fixture = makeHome({ '.gemini/settings.json': servers({ serena: stdio(ide()) }) })
    const { home, doctor } = fixture
    const [first] = (await doctor.report({ home })).diagnoses
    doctor.ignore(first?.id ?? '', 'It activates projects itself.')
    const quiet = await doctor.report({ home })
    expect(quiet.report.findings).toEqual([])
    expect(quiet.ignored).toMatchObject([
      { diagnosis: { kind: 'no-project' }, reason: 'It activates projects itself.' },
    ])
    expect([doctor.unignore(first?.id ?? ''), doctor.unignore('x')]).toEqual([true, false])
    expect((await doctor.report({ home })).diagnoses.map(({ kind }) => kind)).toEqual(['no-project'])
    fixture.remove()
  })

  it('masks secrets in the environment of its entries, and nothing else', async () => {
    const env = { SERENA_HOME: '/srv/serena', MY_TOKEN: 'abc', PATH: '/bin' }
    const fixture = makeHome({ '.gemini/settings.json': servers({ serena: stdio(ide(FROM_CWD), { env }) }) })
    const { report } = await fixture.doctor.report({ home: fixture.home })
    fixture.remove()
    expect(report.entries).toEqual([
      {
        client: 'gemini-cli',
        scope: 'user',
        file: join(fixture.home, '.gemini/settings.json'),
        name: 'serena',
        transport: 'stdio',
        command: ['serena', ...ide(FROM_CWD)],
        url: null,
        env: { ...env, MY_TOKEN: '***' },
        enabled: true,
      },
    ])
  })
})
