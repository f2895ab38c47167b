// `doctor --fix` and `--undo` of the built product in a home of the test: exactly what was shown, and byte for byte back, also after a
// crash and on a full disk.
import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { cliProgram } from '../helpers/backend.ts'
import { type CliResult, runCli } from '../helpers/cli.ts'
import { whyNoStrace } from '../helpers/strace.ts'
import { makeTempFolder } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'

const scope = scopePerTest()
const isPosix = process.platform !== 'win32'
const noTracing = whyNoStrace()

interface Home {
  home: string
  state: string
  env: NodeJS.ProcessEnv
  write(path: string, text: string): string
  doctor(...words: string[]): Promise<CliResult>
}

async function makeHome(): Promise<Home> {
  const root = await makeTempFolder(scope, 'doctor')
  const home = join(root, 'home')
  const state = join(root, 'state')
  mkdirSync(home)
  const serena = join(home, 'serena')
  const env = {
    HOME: home,
    SERENA_HOME: serena,
    SERENA_DECK_ONLY_HOMES: serena,
    SERENA_DECK_STATE: state,
    XDG_CONFIG_HOME: '',
    CODEX_HOME: '',
    CLAUDE_CONFIG_DIR: '',
    COPILOT_HOME: '',
  }
  return {
    home,
    state,
    env,
    write(path, text) {
      const file = join(home, path)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, text)
      return file
    },
    doctor: (...words) => runCli(['doctor', ...words], { env, cwd: home }),
  }
}

/** It opens a pop-up and names no project. */
const POP_UP = ['start-mcp-server', '--context', 'claude-code', '--open-web-dashboard', 'true']
const program = process.execPath
const claude = (args: readonly string[] = POP_UP): string =>
  `${JSON.stringify({ numStartups: 3, mcpServers: { serena: { type: 'stdio', command: 'serena', args, env: {} } } }, null, 2)}\n`
const codex = `# Mine.
[mcp_servers.serena]
command = "serena"   # on PATH
args = ["start-mcp-server", "--context", "codex", "--project-from-cwd", "--open-web-dashboard", "true"]
`

const read = (file: string): string => readFileSync(file, 'utf8')
const idsOf = async ({ doctor }: Home): Promise<string[]> => {
  const { stdout } = await doctor('--json')
  const { findings } = JSON.parse(stdout) as { findings: { id: string; fix: string | null }[] }
  return findings.filter(({ fix }) => fix !== null).map(({ id }) => id)
}

test('fixes what it has found, and restores every byte', async () => {
  const at = await makeHome()
  const files = [at.write('.claude.json', claude()), at.write('.codex/config.toml', codex)]
  const before = files.map(read)
  expect((await idsOf(at)).length).toBeGreaterThanOrEqual(2)
  const refused = await at.doctor('--fix')
  expect([refused.code, files.map(read)]).toEqual([2, before])

  const fixed = await at.doctor('--fix', '--yes')
  expect(fixed.code, fixed.stderr).toBe(0)
  for (const file of files) expect(fixed.stdout).toContain(`Changed: ${file}\n`)
  expect(await idsOf(at)).toEqual([])
  expect(read(files[1] ?? '')).toContain('command = "serena"   # on PATH')
  expect((await at.doctor('--fix', '--yes')).code).toBe(3)

  const backups = readdirSync(join(at.state, 'backups'))
  expect(backups).toHaveLength(2)
  for (const name of backups)
    expect(statSync(join(at.state, 'backups', name)).mode & 0o777).toBe(isPosix ? 0o600 : 0o666)

  const undone = await at.doctor('--undo')
  expect([undone.code, files.map(read)]).toEqual([0, before])
  expect((await at.doctor('--undo')).code).toBe(3)
})

test('fixes one finding alone, and names an unknown one', async () => {
  const at = await makeHome()
  const file = at.write('.claude.json', claude())
  const pop = (await idsOf(at)).find((id) => id.startsWith('pop-up'))
  expect(pop).toBeDefined()
  const { code } = await at.doctor('--fix', pop ?? '', '--yes')
  expect(code).toBe(0)
  const { mcpServers } = JSON.parse(read(file)) as { mcpServers: { serena: { args: string[] } } }
  expect(mcpServers.serena.args.join(' ')).not.toMatch(/--open-web-dashboard[ =]true/i)
  expect(mcpServers.serena.args).not.toContain('--project-from-cwd')
  const unknown = await at.doctor('--fix', 'no-such-id', '--yes')
  expect([unknown.code, unknown.stderr]).toEqual([3, expect.stringContaining('no-such-id')])
  expect((await at.doctor('no-such-id')).code).toBe(2)
})

test('a file of a project is changed only if its finding is named', async () => {
  const at = await makeHome()
  const project = join(at.home, 'shop')
  mkdirSync(join(project, '.git'), { recursive: true })
  const file = at.write('shop/.mcp.json', claude())
  const run = (...words: string[]): Promise<CliResult> =>
    runCli(['doctor', ...words], { env: at.env, cwd: project })
  const unnamed = await run('--fix', '--yes')
  expect([unnamed.code, read(file)]).toEqual([3, claude()])
  const id = /doctor --fix (pop-up\S+)/.exec(unnamed.stdout)?.[1] ?? ''
  expect((await run('--fix', id, '--yes')).code).toBe(0)
  expect(read(file)).not.toBe(claude())
  expect((await run('--undo')).code).toBe(0)
  expect(read(file)).toBe(claude())
})

test.skipIf(!isPosix)('keeps a link, the mode, line ends and the byte order mark', async () => {
  const at = await makeHome()
  const text = `\uFEFF${claude().replaceAll('\n', '\r\n')}`
  const real = at.write('dotfiles/claude.json', text)
  chmodSync(real, 0o640)
  symlinkSync(real, join(at.home, '.claude.json'))
  expect((await at.doctor('--fix', '--yes')).code).toBe(0)
  const fixed = read(real)
  expect(fixed).not.toBe(text)
  expect(fixed.startsWith('\uFEFF{\r\n')).toBe(true)
  expect(fixed.replaceAll('\r\n', '')).not.toContain('\n')
  expect([readlinkSync(join(at.home, '.claude.json')), statSync(real).mode & 0o777]).toEqual([real, 0o640])
  expect((await at.doctor('--undo')).code).toBe(0)
  expect([read(real), statSync(real).mode & 0o777]).toEqual([text, 0o640])
})

test('an undo keeps what the client has saved since, and refuses what it has changed', async () => {
  const at = await makeHome()
  const file = at.write('.claude.json', claude())
  await at.doctor('--fix', '--yes')
  const fixed = read(file)
  writeFileSync(file, fixed.replace('"numStartups": 3', '"numStartups": 4'))
  expect((await at.doctor('--undo')).code).toBe(0)
  expect(JSON.parse(read(file))).toEqual(JSON.parse(claude().replace('"numStartups": 3', '"numStartups": 4')))

  writeFileSync(file, claude())
  await at.doctor('--fix', '--yes')
  const edited = fixed.replace('"start-mcp-server"', '"start-mcp-server", "--mode", "planning"')
  writeFileSync(file, edited)
  const refused = await at.doctor('--undo')
  expect([refused.code, read(file)]).toEqual([1, edited])
  expect(refused.stdout).toContain(
    'The values that Serena Deck wrote have been changed since. The old file is ',
  )
})

describe.skipIf(noTracing !== null)(`interrupted at any point${noTracing ? ` (${noTracing})` : ''}`, () => {
  /** Kills the program at the nth rename: of a backup, of the record, of a configuration, of the record. */
  const killedAt = (at: Home, nth: number): ReturnType<typeof spawnSync> =>
    spawnSync(
      'strace',
      [
        '-f',
        '-qq',
        '-o',
        '/dev/null',
        '-e',
        'trace=rename',
        '-e',
        `inject=rename:signal=KILL:when=${nth}`,
        program,
        cliProgram,
        'doctor',
        '--fix',
        '--yes',
      ],
      { cwd: at.home, env: { ...process.env, ...at.env }, encoding: 'utf8' },
    )

  test('the next run restores every file', async () => {
    let points = 0
    for (let nth = 1; nth < 12; nth++) {
      const at = await makeHome()
      const files = [at.write('.claude.json', claude()), at.write('.codex/config.toml', codex)]
      const { signal, status } = killedAt(at, nth)
      if (status === 0) break
      expect(signal ?? status).not.toBe(null)
      points += 1
      const partly = files.filter((file) => read(file) !== (file.endsWith('toml') ? codex : claude())).length
      const { code } = await at.doctor('--undo')
      expect([0, 3], `kill ${nth}, ${partly} files changed`).toContain(code)
      if (partly > 0) expect(code).toBe(0)
      expect(files.map(read)).toEqual([claude(), codex])
      expect(readdirSync(at.home).filter((name) => name.endsWith('.part'))).toEqual([])
      expect((await at.doctor('--fix', '--yes')).code).toBe(0)
    }
    // Two backups, the record, two files, the record.
    expect(points).toBe(6)
  })
})

const hasTmpfs = (() => {
  if (process.platform !== 'linux') return false
  return spawnSync('unshare', ['--user', '--map-root-user', '--mount', 'true']).status === 0
})()

test.skipIf(!hasTmpfs)('a full disk leaves every file as it is', async () => {
  const at = await makeHome()
  const full = join(at.home, '.codex')
  mkdirSync(full)
  const file = at.write('.claude.json', claude())
  // A disk of 64 KB with the configuration of Codex, and no byte free.
  const script = `
    set -e
    mount -t tmpfs -o size=64k,mode=700 none "${full}"
    printf '%s' "$CODEX" > "${full}/config.toml"
    dd if=/dev/zero of="${full}/filler" bs=1k count=1000 2>/dev/null || true
    ${JSON.stringify(program)} ${JSON.stringify(cliProgram)} doctor --fix --yes && exit 9
    cmp "${full}/config.toml" <(printf '%s' "$CODEX")
    ls -A "${full}"`
  const stdout = execFileSync('unshare', ['--user', '--map-root-user', '--mount', 'bash', '-c', script], {
    cwd: at.home,
    env: { ...process.env, ...at.env, CODEX: codex },
    encoding: 'utf8',
  })
  expect(stdout.split('\n').filter((line) => /^(config\.toml|filler|\..*part)$/.test(line))).toEqual([
    'config.toml',
    'filler',
  ])
  expect(read(file)).toBe(claude())
  expect(read(join(at.state, 'config-changes.json'))).not.toContain('applying')
})
