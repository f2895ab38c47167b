// What runs, compared with what the files say.
import { afterEach, describe, expect, test } from 'vitest'
import { parseSerenaCommand } from '../serena/command-line.ts'
import { examine } from './doctor.ts'
import type { DoctorFacts, RunningFact } from './facts.ts'
import { type HomeFixture, makeHome, servers, start, stdio } from './home.fixture.ts'

let home: HomeFixture
afterEach(() => home.remove())

const ARGV = ['/bin/serena', ...start('--context', 'claude-code', '--project-from-cwd')]
const running = (change: Partial<RunningFact> = {}): RunningFact => ({
  pid: 4711,
  startedAtMs: 0,
  argv: ARGV,
  cwd: home.shop,
  command: parseSerenaCommand(ARGV)?.command ?? null,
  version: null,
  client: 'Claude Code',
  clientPid: 4700,
  clientFolder: home.shop,
  readsSameFiles: true,
  isOfHub: false,
  ...change,
})

/** The findings about the running instances of a home with these files. */
async function found(
  files: Readonly<Record<string, string | object>>,
  change: Partial<RunningFact> = {},
  facts: Partial<DoctorFacts> = {},
): Promise<string[]> {
  home = makeHome(files)
  const read = await home.doctor.report({ project: home.shop })
  const { diagnoses } = examine({ ...read.facts, running: [running(change)], ...facts }, [])
  return diagnoses
    .filter(({ evidence }) => evidence.join().includes('4711'))
    .map(({ id }) => id.split(':')[0] ?? '')
}

const NONE = { '.claude.json': { numStartups: 3, mcpServers: {} } }
const WITH_NEIGHBOR = { '.claude.json': servers({ docs: { command: 'npx', args: ['-y', 'docs-mcp'] } }) }
const entryOf = (entry: object): Record<string, object> => ({ '.claude.json': servers({ other: entry }) })

describe('an instance that no entry explains', () => {
  test.each([
    ['without any server', NONE],
    ['beside a server of a package runner', WITH_NEIGHBOR],
    [
      'beside an entry of another client',
      { ...NONE, '.cursor/mcp.json': servers({ serena: stdio(ARGV.slice(1)) }) },
    ],
  ])('is reported %s', async (_, files) => {
    expect(await found(files)).toEqual(['unexplained-instance'])
  })

  test('has its process and command line as evidence, without secrets', async () => {
    home = makeHome(NONE)
    const { facts } = await home.doctor.report({ project: home.shop })
    const argv = [...ARGV, '--token', 'hunter2']
    const [finding] = examine({ ...facts, running: [running({ argv })] }, []).diagnoses
    expect(finding).toMatchObject({ client: 'claude-code', severity: 'info', fix: null })
    expect(finding?.evidence.join()).toContain('process 4711: /bin/serena start-mcp-server')
    expect(JSON.stringify(finding)).not.toContain('hunter2')
  })

  test.each<[string, Record<string, string | object>, Partial<RunningFact>]>([
    ['an entry of the user', entryOf(stdio(ARGV.slice(1))), {}],
    ['an entry of the project', { ...NONE, 'shop/.mcp.json': servers({ x: stdio(ARGV.slice(1)) }) }, {}],
    ['a script that may start it', entryOf({ command: '/opt/start.sh' }), {}],
    ['an entry that is switched off now', entryOf(stdio(ARGV.slice(1), { disabled: true })), {}],
    ['a file that cannot be read', { '.claude.json': '{ "mcpServers": ' }, {}],
    ['a broken file of another client', { ...NONE, '.codex/config.toml': '[mcp' }, {}],
    ['a client with other files or options', NONE, { readsSameFiles: false }],
    ['a folder whose files were not read', NONE, { clientFolder: '/srv/other' }],
    ['a folder that is not known', NONE, { clientFolder: null }],
    ['the hub', NONE, { isOfHub: true }],
    ['a client that is not known', NONE, { client: 'bash' }],
    ['no client', NONE, { client: null }],
    ['a client with more places than are known', NONE, { client: 'VS Code' }],
  ])('is not claimed with %s', async (_, files, change) => {
    expect(await found(files, change)).toEqual([])
  })
})

describe('a client that runs a Serena from before a change', () => {
  const changed = entryOf(stdio(start('--context', 'claude-code', '--project', '/srv/other')))

  test('must be restarted', async () => {
    expect(await found(changed)).toEqual(['restart-client'])
  })

  test.each<[string, Partial<RunningFact>]>([
    ['started after it', { startedAtMs: Number.MAX_SAFE_INTEGER }],
    ['of another client', { client: 'Codex' }],
    ['of the hub', { isOfHub: true }],
  ])('is not reported for an instance %s', async (_, change) => {
    expect(await found(changed, change)).toEqual([])
  })
})
