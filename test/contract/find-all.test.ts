// Finds every Serena with any command line and SERENA_HOME, and no other process.
import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { startBackend } from '../helpers/backend.ts'
import { runCli } from '../helpers/cli.ts'
import { type DrivenProgram, startDrivenProgram } from '../helpers/driven-program.ts'
import { inOwnPids, whyNoIsolation } from '../helpers/other-side.ts'
import { isAlive, markProcess, signalProcess } from '../helpers/processes.ts'
import { hasSerena, serenaProgram, serenaPython, startSerena } from '../helpers/serena.ts'
import { startTestStandIn } from '../helpers/stand-in.ts'
import { makeTempFolder, projectRoot } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const scope = scopePerTest()
const isLinux = process.platform === 'linux'
const holder = join(projectRoot, 'test', 'fixtures', 'programs', 'log_holder.sh')

/** A program with any name that writes a log below that home, as a Serena does. */
async function startHolder(
  home: string,
  { runner = [], args = [] }: { runner?: readonly string[]; args?: readonly string[] } = {},
): Promise<{ program: DrivenProgram; pid: number }> {
  const script = join(await makeTempFolder(scope, 'holder'), 'codehelper')
  await copyFile(holder, script)
  const [file = '', ...words] = [...runner, 'sh', script, home, ...args]
  const program = startDrivenProgram(scope, file, words, {
    cwd: home,
    env: { ...process.env, SERENA_HOME: home },
  })
  const ready = await program.said((message) => message['ready'] === true)
  return { program, pid: Number(ready['pid']) }
}

test.skipIf(!isLinux || !hasSerena())(
  'finds a real Serena behind a Nix wrapper and one behind `python -c`, with home paths that Serena resolves in its own way',
  async () => {
    const [wrapped, folder] = [await makeTempFolder(scope, 'nix'), await makeTempFolder(scope, 'cwd')]
    const script = join(wrapped, '.serena-wrapped')
    await copyFile(serenaProgram('2.1.0'), script)
    const homes = [join(folder, 'deck home'), join(folder, '~', 'x')]
    for (const home of homes) await mkdir(home, { recursive: true })
    const python = serenaPython('2.1.0')
    const text = 'from serena.cli import top_level; top_level()'
    const [one, two] = await Promise.all([
      startSerena(scope, {
        program: [python, script],
        cwd: folder,
        serenaHome: homes[0] ?? '',
        givenHome: ' deck home\t',
      }),
      startSerena(scope, {
        program: [python, '-c', text],
        cwd: folder,
        client: 'python',
        serenaHome: homes[1] ?? '',
        givenHome: '~/x',
      }),
    ])
    const backend = await startBackend(scope, { homes })
    const list = await backend.call('sweep')
    expect(list.instances.map(({ pid }) => pid)).toEqual(expect.arrayContaining([one.pid, two.pid]))
    // Their logs were found below those homes. (A version inside a checkout contains its commit.)
    expect(list.instances.map(({ serenaVersion }) => serenaVersion?.slice(0, 5))).toEqual(['2.1.0', '2.1.0'])
    expect(list.serenaHomes).toEqual(homes)
  },
)

describe.skipIf(!isLinux)('a process with the log of a Serena', () => {
  test('is an instance with any name, and is ended by name', async () => {
    const home = await makeTempFolder(scope, 'home')
    const { pid } = await startHolder(home)
    const mark = markProcess(pid)
    const backend = await startBackend(scope, { homes: [home] })
    const { instances } = await backend.call('sweep')
    expect(instances).toMatchObject([{ pid, transport: 'stdio' }])
    expect(instances[0]?.state).not.toBe('unknown')
    const { code } = await runCli(['kill', `pid:${pid}`, '--yes'], { env: backend.env })
    expect([code, mark && isAlive(mark)]).toEqual([0, false])
  })

  test('is found within seconds when it starts while the backend runs', async () => {
    const home = await makeTempFolder(scope, 'home')
    const backend = await startBackend(scope, { homes: [home] })
    await backend.call('sweep')
    const stream = backend.stream()
    await stream.until(({ type }) => type === 'snapshot')
    const { pid } = await startHolder(home)
    await stream.until(
      (event) => event.type === 'delta' && event.changed.some((one) => one.pid === pid),
      8_000,
    )
  })

  test('is not an instance when it only reads the log, or writes the log of another process', async () => {
    const home = await makeTempFolder(scope, 'home')
    const standIn = await startTestStandIn(scope, { serenaHome: home })
    const reader = startDrivenProgram(
      scope,
      'tail',
      ['-f', standIn.logFile, '/dev/null'],
      { cwd: home, env: process.env },
      (line) => ({ line }),
    )
    await reader.said(() => true)
    await startHolder(home, { args: [String(standIn.pid)] })
    const backend = await startBackend(scope, { homes: [home] })
    const { instances } = await backend.call('sweep')
    expect(instances.map(({ pid }) => pid)).toEqual([standIn.pid])
    signalProcess(reader.mark, 'SIGKILL')
  })
})

const why = whyNoIsolation()
test.skipIf(why !== null)(
  `an instance in a sandbox of this user is judged, and ended by its pid outside${why === null ? '' : ` (skipped: ${why})`}`,
  async () => {
    const home = await makeTempFolder(scope, 'home')
    const { pid: inner } = await startHolder(home, { runner: [...inOwnPids, 'sh', '-c', '"$@"; exit', 'sh'] })
    expect(inner).toBe(2)
    // An entry written inside belongs to the Serena in the sandbox.
    const entry = { pid: inner, port: 24_282, started_at: new Date().toISOString(), project_name: 'shop' }
    await writeFile(join(home, 'instances.json'), JSON.stringify({ inside: entry }))
    const backend = await startBackend(scope, { homes: [home] })
    const { instances } = await backend.call('sweep')
    expect(instances).toHaveLength(1)
    const [found] = instances
    expect(found?.state).not.toBe('unknown')
    expect(found?.sources).toContain('registry')
    const mark = markProcess(found?.pid ?? 0)
    expect(mark?.pid).toBeGreaterThan(1)
    const { code } = await runCli(['kill', `pid:${found?.pid}`, '--yes'], { env: backend.env })
    expect([code, mark && isAlive(mark)]).toEqual([0, false])
  },
)

test('lists other Serena processes separately, and never ends them', async () => {
  const home = await makeTempFolder(scope, 'home')
  const program = join(home, 'serena')
  await writeFile(program, 'console.log("{}"); process.stdin.resume()\n')
  const start = async (args: string[], serenaHome: string) => {
    const helper = startDrivenProgram(scope, process.execPath, [program, ...args], {
      cwd: home,
      env: { ...process.env, SERENA_HOME: serenaHome },
    })
    await helper.said(() => true)
    return helper.mark
  }
  const index = await start(['project', 'index', '/home/ana/shop'], home)
  const server = await start(['start-project-server'], home)
  await start(['start-project-server'], await makeTempFolder(scope, 'other-home'))
  const backend = await startBackend(scope, { homes: [home] })
  const { instances, helperProcesses } = await backend.call('sweep')
  expect(instances).toEqual([])
  expect(helperProcesses?.map(({ pid, kind, title }) => ({ pid, kind, title }))).toEqual(
    expect.arrayContaining([
      { pid: index.pid, kind: 'indexing', title: 'Indexing shop' },
      { pid: server.pid, kind: 'project-server', title: 'Project server' },
    ]),
  )
  expect(helperProcesses).toHaveLength(2)
  expect(helperProcesses?.[0]?.memoryBytes).toBeGreaterThan(1_000_000)
  const text = await runCli(['list'], { env: backend.env })
  expect(text.stdout).toMatch(/OTHER SERENA PROCESSES[^]*Indexing shop[^]*Project server/)
  const ended = await runCli(['kill', '--zombies', '--yes'], { env: backend.env })
  expect(ended.stdout).not.toContain('project')
  expect([index, server].every(isAlive)).toBe(true)
  const stream = backend.stream()
  await stream.until(({ type }) => type === 'snapshot')
  signalProcess(server, 'SIGKILL')
  await waitUntil('the change to be reported', async () => {
    await backend.call('sweep')
    return stream.events.some((event) => event.type === 'delta' && event.helperProcesses?.length === 1)
  })
})
