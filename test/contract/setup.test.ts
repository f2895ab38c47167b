// `setup` of the built product in a home with every client that it can write: the doctor finds nothing afterwards, and the undo restores
// every byte. test/clients/setup.test.ts asks the clients themselves.
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { doctorReportSchema } from '#contract/doctor'
import { CONFIG_CLIENTS } from '../../extensions/backend/clients/configs/config-clients.ts'
import { installed } from '../../extensions/backend/doctor/home.fixture.ts'
import { productCommand } from '../../extensions/backend/lib/product.ts'
import { type CliResult, runCli } from '../helpers/cli.ts'
import { makeTempFolder } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'

const scope = scopePerTest()
/** What was there before, as people and clients write it. */
const BEFORE: Readonly<Record<string, string>> = {
  '.claude.json':
    '{\n  "numStartups": 3,\n  "mcpServers": {\n    "docs": { "command": "npx", "args": ["docs-mcp"] }\n  }\n}',
  '.codex/config.toml':
    '# mine\nmodel = "x"\n\n[mcp_servers.docs]\ncommand = "npx" # old\nargs = ["docs-mcp"]\n',
  '.gemini/settings.json': '{\r\n\t// mine\r\n\t"theme": "dark",\r\n}\r\n',
  '.config/goose/config.yaml': '# mine\nextensions:\n  docs:\n    cmd: npx # old\n    args: [docs-mcp]\n',
  '.qwen/settings.json':
    '{"mcpServers":{"serena":{"command":"serena","args":["start-mcp-server","--context","ide","--open-web-dashboard","true"]}}}',
}

interface Desk {
  home: string
  run(...words: string[]): Promise<CliResult>
  /** All files of clients with their texts. */
  files(): Record<string, string>
}

async function makeDesk(): Promise<Desk> {
  const home = await makeTempFolder(scope, 'setup')
  const state = await makeTempFolder(scope, 'state')
  const programs = CONFIG_CLIENTS.flatMap(({ programs: names }) => names)
  const bin = join(home, 'bin')
  const files = {
    ...BEFORE,
    ...installed('2.1.0'),
    ...Object.fromEntries(programs.map((name) => [`bin/${name}`, ''])),
  }
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(home, name)), { recursive: true })
    writeFileSync(join(home, name), text)
    chmodSync(join(home, name), name.includes('bin/') ? 0o755 : 0o600)
  }
  const tools = join(home, '.local/share/uv/tools/serena-agent/bin')
  const env = {
    HOME: home,
    PATH: `${bin}:${tools}:/usr/bin:/bin`,
    SERENA_DECK_STATE: state,
    SERENA_DECK_ONLY_HOMES: join(home, '.serena'),
    XDG_CONFIG_HOME: '',
    CODEX_HOME: '',
    CLAUDE_CONFIG_DIR: '',
    COPILOT_HOME: '',
    CLINE_DIR: '',
    OPENCODE_CONFIG: '',
    SERENA_HOME: '',
  }
  return {
    home,
    run: (...words) => runCli(words, { env, cwd: home }),
    files: () =>
      Object.fromEntries(
        readdirSync(home, { recursive: true, withFileTypes: true })
          .filter((one) => one.isFile())
          .map((one) => join(one.parentPath, one.name))
          .filter((file) => !file.startsWith(join(home, '.local')) && !file.startsWith(bin))
          .map((file) => [file.slice(home.length + 1), readFileSync(file, 'utf8')]),
      ),
  }
}

/** Those with a file that setup writes: a snippet of their format, in the user's file. */
const CLIENTS = CONFIG_CLIENTS.filter(
  ({ snippet, isWritable, programs }) => snippet !== null && isWritable && programs.length > 0,
).map(({ id }) => id)

test('gives every client an entry in which the doctor finds nothing, and undoes it', async () => {
  const { home, run, files } = await makeDesk()
  const before = files()
  expect(before).toEqual(BEFORE)
  const plan = await run('setup', '--json', '--no-desktop')
  expect([plan.code, files()]).toEqual([0, before])

  const done = await run('setup', '--yes', '--no-desktop')
  expect(done.code, done.stderr).toBe(0)
  const { stdout } = await run('doctor', '--json')
  const { entries, findings } = doctorReportSchema.parse(JSON.parse(stdout))
  expect(findings.map(({ id }) => id)).toEqual([])
  const ids = entries.map(({ client }) => client)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids).toEqual(expect.arrayContaining(CLIENTS))
  for (const { command, name, enabled, client } of entries) {
    expect([name, enabled], client).toEqual(['serena', true])
    expect(command?.slice(0, productCommand.length + 2), client).toEqual([...productCommand, 'connect', '--'])
    expect(command?.join(' '), client).toMatch(/--open-web-dashboard (False|false)/)
  }
  // What was there stays, with its comments and line ends.
  const after = files()
  expect(after['.codex/config.toml']?.startsWith(BEFORE['.codex/config.toml'] ?? '-')).toBe(true)
  expect(after['.gemini/settings.json']?.replaceAll('\r\n', '')).not.toContain('\n')
  expect(after['.gemini/settings.json']).toContain('// mine')
  expect(after['.config/goose/config.yaml']).toContain('cmd: npx # old')

  const again = await run('setup', '--yes', '--no-desktop')
  expect([again.code, files()]).toEqual([0, after])
  const undone = await run('setup', '--undo', '--yes')
  expect(undone.code, undone.stdout).toBe(0)
  expect(files()).toEqual(before)
  expect(existsSync(join(home, '.cursor', 'mcp.json'))).toBe(false)
  expect((await run('setup', '--undo', '--yes')).code).toBe(3)
})

test('changes the named clients alone, and names an unknown one', async () => {
  const { run, files } = await makeDesk()
  const before = files()
  const unknown = await run('setup', '--client', 'no-such-client', '--yes', '--no-desktop')
  expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('no-such-client')])
  expect((await run('setup', '--no-desktop')).code).toBe(2)
  expect(files()).toEqual(before)
  expect(
    (await run('setup', '--client', 'claude', '--mode', 'supervised', '--yes', '--no-desktop')).code,
  ).toBe(0)
  const { '.claude.json': claude = '', ...others } = files()
  const { '.claude.json': _, ...othersBefore } = before
  expect(others).toEqual(othersBefore)
  const { mcpServers } = JSON.parse(claude) as { mcpServers: Record<string, { args: string[] }> }
  expect(Object.keys(mcpServers)).toEqual(['docs', 'serena'])
  expect(mcpServers['serena']?.args.slice(0, 3)).toEqual([productCommand[1], 'wrap', '--'])
})
