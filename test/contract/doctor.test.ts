// `doctor` of the built command line: documents, exit codes, another home, and that it writes nothing.
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { doctorReportSchema } from '#contract/doctor'
import { runCli } from '../helpers/cli.ts'
import { startDrivenProgram } from '../helpers/driven-program.ts'
import { writeMcpSerena } from '../helpers/mcp-serena.ts'
import { markProcess } from '../helpers/processes.ts'
import { makeTempFolder, makeTypeScriptProject, projectRoot } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'

const scope = scopePerTest()

const entry = (args: readonly string[], command = 'serena'): object => ({
  mcpServers: { serena: { command, args } },
})
const GOOD = entry(['start-mcp-server', '--context', 'ide', '--project-from-cwd'])
const BAD = entry(['start-mcp-server', '--context', 'ide', '--project-from-cwd', '--no-such-option'])

interface Desk {
  home: string
  env: NodeJS.ProcessEnv
}

async function makeDesk(files: Readonly<Record<string, object>>): Promise<Desk> {
  const home = await makeTempFolder(scope, 'doctor')
  for (const [name, value] of Object.entries(files)) {
    await mkdir(dirname(join(home, name)), { recursive: true })
    await writeFile(join(home, name), `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 })
  }
  const state = join(home, 'state')
  const env = {
    HOME: home,
    SERENA_DECK_STATE: state,
    SERENA_DECK_ONLY_HOMES: join(home, '.serena'),
    XDG_CONFIG_HOME: '',
    SERENA_HOME: '',
  }
  return { home, env }
}

/** All files below a folder, with their times. */
async function filesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true })
  return Promise.all(names.sort().map(async (name) => `${name} ${(await stat(join(folder, name))).mtimeMs}`))
}

describe('serena-deck doctor', () => {
  test('reports another home with file and line, exits with 1, and writes nothing there', async () => {
    const { home, env } = await makeDesk({ 'other/.gemini/settings.json': BAD })
    const before = await filesIn(join(home, 'other'))
    const { code, stdout, stderr } = await runCli(['doctor', '--json', '--home', join(home, 'other')], {
      env,
      cwd: home,
    })
    expect([code, stderr]).toEqual([1, ''])
    const report = doctorReportSchema.parse(JSON.parse(stdout))
    const file = join(home, 'other/.gemini/settings.json')
    expect(report.entries).toMatchObject([
      { client: 'gemini-cli', scope: 'user', file, name: 'serena', enabled: true },
    ])
    expect(report.findings).toMatchObject([{ severity: 'error', client: 'gemini-cli', file, line: 3 }])
    expect(report.findings[0]?.evidence[0]).toContain(`${file}:10`)
    expect(await filesIn(join(home, 'other'))).toEqual(before)
  })

  test('exits with 0 for a home without a finding', async () => {
    const { home, env } = await makeDesk({ 'other/.gemini/settings.json': GOOD })
    const { code, stdout } = await runCli(['doctor', '--home', 'other'], { env, cwd: home })
    expect([code, stdout]).toEqual([0, 'No problems found: 1 configuration file, 1 entry for Serena.\n'])
  })

  test('reads the file of an unknown client', async () => {
    const { home, env } = await makeDesk({ 'odd.json': BAD, 'other/x.json': {} })
    const { code, stdout } = await runCli(['doctor', '--json', '--home', 'other', '--file', 'odd.json'], {
      env,
      cwd: home,
    })
    expect(code).toBe(1)
    expect(doctorReportSchema.parse(JSON.parse(stdout)).entries).toMatchObject([
      { client: 'unknown', file: join(home, 'odd.json') },
    ])
  })

  test('keeps an ignored finding quiet until it is shown again', async () => {
    const { home, env } = await makeDesk({ '.gemini/settings.json': BAD })
    const run = (...words: string[]) => runCli(['doctor', ...words], { env: { ...env, PATH: '' }, cwd: home })
    const first = doctorReportSchema.parse(JSON.parse((await run('--json')).stdout)).findings
    for (const { id } of first) expect((await run('--ignore', id, '--reason', 'known')).code).toBe(0)
    expect((await run()).stdout).toContain(`${first.length} findings ignored.`)
    const [one] = first
    expect([
      (await run('--unignore', one?.id ?? '')).code,
      (await run('--unignore', 'nothing')).code,
    ]).toEqual([0, 3])
    expect((await run()).code).toBe(1)
    expect((await stat(join(home, 'state/doctor-ignored.json'))).mode & 0o777).toBe(0o600)
  })

  test.each([
    [['--ignore', 'x'], '--ignore requires the id of a finding and --reason TEXT.'],
    [['--reason', 'x'], '--reason requires --ignore ID.'],
    [['--home', 'x', '--unignore', 'y'], 'cannot be combined with --home'],
    [['--home', '.', '--probe'], 'cannot be combined with --home'],
  ])('refuses %j', async (words, text) => {
    const { home, env } = await makeDesk({})
    const { code, stdout, stderr } = await runCli(['doctor', ...words], { env, cwd: home })
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(text)
  })

  test('starts an entry on request, shakes hands with it and ends it', async () => {
    const server = join(projectRoot, 'test/fixtures/programs/scripted-serena.cjs')
    const folder = await makeTempFolder(scope, 'script')
    await writeFile(join(folder, 'script.json'), '{}')
    const serena = {
      command: process.execPath,
      args: [server, 'start-mcp-server'],
      env: { SCRIPTED_FOLDER: folder },
    }
    const { home, env } = await makeDesk({ '.gemini/settings.json': { mcpServers: { serena } } })
    const { code, stdout } = await runCli(['doctor', '--probe', 'gemini-cli', '--json'], { env, cwd: home })
    expect(JSON.parse(stdout)).toMatchObject({
      probes: [{ client: 'gemini-cli', name: 'serena', failure: null }],
    })
    expect(code).toBe(0)
    expect(markProcess(Number(await readFile(join(folder, 'starts'), 'utf8')))).toBeNull()
  })

  test('reports an entry that exits before it answers', async () => {
    const { home, env } = await makeDesk({
      '.gemini/settings.json': entry(['-e', 'process.exit(4)', 'start-mcp-server'], process.execPath),
    })
    const { code, stdout } = await runCli(['doctor', '--probe'], { env, cwd: home })
    expect([code, stdout]).toEqual([1, '✕ gemini-cli serena: It exited with code 4 before it answered.\n'])
  })
})

describe.skipIf(process.platform !== 'linux')(
  'a running instance (its client can be read on Linux only)',
  () => {
    /** A program named `claude` that runs a Serena in a project, as Claude Code does. */
    async function runClaude(desk: Desk, project: string): Promise<number> {
      const folder = await makeTempFolder(scope, 'claude')
      const program = join(folder, 'claude')
      const serena = JSON.stringify(await writeMcpSerena(scope, project))
      await writeFile(
        program,
        `const [file, ...args] = ${serena}
const child = require('node:child_process').spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] })
console.log(JSON.stringify({ pid: child.pid }))
process.stdin.on('end', () => child.stdin.end()).resume()\n`,
      )
      const env = { ...process.env, ...desk.env }
      const driven = startDrivenProgram(scope, process.execPath, [program], { cwd: project, env })
      return Number((await driven.said(({ pid }) => typeof pid === 'number'))['pid'])
    }

    test('is a finding if no entry explains it, and none if one does', async () => {
      const desk = await makeDesk({ '.claude.json': { mcpServers: {} } })
      const { path: project } = await makeTypeScriptProject(scope)
      const pid = await runClaude(desk, project)
      // All instances of this machine are read; those of others have another home folder.
      const env = { ...desk.env, SERENA_DECK_ONLY_HOMES: undefined }
      const run = async (): Promise<string[]> => {
        const { stdout } = await runCli(['doctor', '--json'], { env, cwd: project })
        const { findings } = doctorReportSchema.parse(JSON.parse(stdout))
        return findings.flatMap(({ id, evidence }) =>
          evidence.some((line) => line.startsWith(`process ${pid}: `)) ? [id.split(':')[0] ?? ''] : [],
        )
      }
      expect(await run()).toEqual(['unexplained-instance'])
      await writeFile(
        join(desk.home, '.claude.json'),
        JSON.stringify({ mcpServers: { x: { command: '/opt/start.sh' } } }),
      )
      expect(await run()).toEqual([])
    })
  },
)
