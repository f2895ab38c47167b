// The command line as outsiders see it: help, exit codes, documents; with and without a running backend.

import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { instanceListSchema } from '#contract/instance'
import { cliProgram, startBackend } from '../helpers/backend.ts'
import { type CliResult, runCli } from '../helpers/cli.ts'
import { startDrivenProgram } from '../helpers/driven-program.ts'
import { isAlive, markTree, signalProcess } from '../helpers/processes.ts'
import type { Scope } from '../helpers/scope.ts'
import { startTestStandIn } from '../helpers/stand-in.ts'
import { makeTempFolder, projectRoot } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const scope = scopePerTest()

/** An environment in which nothing of the person's is seen: one empty home, a fresh state folder. */
async function quietEnvironment(of: Scope): Promise<{ home: string; env: NodeJS.ProcessEnv }> {
  const home = await makeTempFolder(of, 'home')
  const state = await makeTempFolder(of, 'state')
  return {
    home,
    env: { SERENA_HOME: home, SERENA_DECK_ONLY_HOMES: home, SERENA_DECK_STATE: state, DISPLAY: '' },
  }
}
const json = ({ stdout }: CliResult): unknown => JSON.parse(stdout)

describe('use', () => {
  test.each([
    '',
    'open',
    'serve',
    'list',
    'status',
    'logs',
    'stop',
    'kill',
    'history',
    'registry',
    'install',
    'uninstall',
    'autostart',
    'service',
    'demo',
    'wrap',
  ])('%s --help', async (command) => {
    const { env } = await quietEnvironment(scope)
    const { code, stdout } = await runCli([...(command ? [command] : []), '--help'], { env })
    expect(code).toBe(0)
    // One sentence below the name.
    if (command) expect(stdout.split('\n\n')[1]).toMatch(/^[A-Z][^.\n]+\.$/)
    expect(stdout).not.toMatch(/ $/m)
    expect(stdout.replace(/serena-deck\/\S+/, 'serena-deck/VERSION')).toMatchSnapshot()
  })

  test.each([
    ['registry register', 'Register the running process PID in the shared registry.'],
    ['registry list', 'List the entries of the shared registry.'],
    ['service install', 'Install and start the service.'],
    ['autostart off', 'Do not start Serena Deck at login any more.'],
  ])('%s --help describes the action', async (words, sentence) => {
    const { env } = await quietEnvironment(scope)
    const { code, stdout } = await runCli([...words.split(' '), '--help'], { env })
    expect(code).toBe(0)
    expect(stdout).toContain(`\n\n${sentence}\n\nUsage:\n  $ serena-deck ${words} `.trimEnd())
  })

  const seeHelp = (command: string): string => `See \`serena-deck ${command} --help\`.`
  test.each([
    [['no-such-command'], 'Unknown command no-such-command. See `serena-deck --help`.'],
    [['hub', '--help'], 'Unknown command hub. See `serena-deck --help`.'],
    [['--nonsense'], `Unknown option --nonsense. ${seeHelp('open')}`],
    [['list', '--nonsense'], `Unknown option --nonsense. ${seeHelp('list')}`],
    [['list', '--version'], `Unknown option --version. ${seeHelp('list')}`],
    [['list', '--json', '--json.x', '1'], `Unknown option --json.x. ${seeHelp('list')}`],
    [['list', '--json=yes'], `--json takes no value. ${seeHelp('list')}`],
    [['list', '--json', '--json'], `--json can be given only once. ${seeHelp('list')}`],
    [['list', 'too-much'], `Unexpected argument too-much. ${seeHelp('list')}`],
    [['status', 'a', 'b', 'c'], `Unexpected arguments b, c. ${seeHelp('status')}`],
    [['serve', '--port'], `--port needs a value: --port <port>. ${seeHelp('serve')}`],
    [['serve', '--port', '--json'], `--port needs a value: --port <port>. ${seeHelp('serve')}`],
    [['serve', '--port', '70000'], `--port takes a number from 0 to 65535. ${seeHelp('serve')}`],
    [['serve', '--stop', '--json'], `--stop takes no other option. ${seeHelp('serve')}`],
    [['logs', 'x', '-n'], `-n needs a value: -n, --lines <lines>. ${seeHelp('logs')}`],
    [['logs', 'x', '-n', 'many'], `-n takes a whole number from 1 up. ${seeHelp('logs')}`],
    [['kill', '--yes'], `Missing TARGET or --zombies. ${seeHelp('kill')}`],
    [['kill', 'x', '--zombies', '--yes'], `--zombies cannot be combined with a TARGET. ${seeHelp('kill')}`],
    [['kill', 'x', '--include-hung', '--yes'], `--include-hung needs --zombies. ${seeHelp('kill')}`],
    [['kill', '--unused-for'], `--unused-for needs a value: --unused-for <span>. ${seeHelp('kill')}`],
    [
      ['history', '--json', '--json-lines'],
      `--json cannot be combined with --json-lines. ${seeHelp('history')}`,
    ],
    [
      ['registry', 'nonsense'],
      `Unknown action nonsense: use list, register, touch, update or deregister. ${seeHelp('registry')}`,
    ],
    [['registry', 'register'], `Missing PID of the process to register. ${seeHelp('registry register')}`],
    [
      ['service', 'nonsense'],
      `Unknown action nonsense: use install, uninstall or status. ${seeHelp('service')}`,
    ],
    [['autostart', 'nonsense'], `Unknown action nonsense: use on, off or status. ${seeHelp('autostart')}`],
  ])('%j is wrong use', async (args, sentence) => {
    const { env } = await quietEnvironment(scope)
    expect(await runCli(args, { env })).toEqual({ code: 2, stdout: '', stderr: `${sentence}\n` })
  })

  test.each(['status', 'logs', 'stop'])(
    '%s without or with an empty TARGET says what a TARGET is',
    async (command) => {
      const { env } = await quietEnvironment(scope)
      const forms = 'pid, port, project name or path, pid:N, port:N'
      for (const [args, problem] of [
        [[], 'Missing TARGET'],
        [[''], 'TARGET is empty'],
      ] as const)
        expect(await runCli([command, ...args], { env })).toEqual({
          code: 2,
          stdout: '',
          stderr: `${problem} (${forms}). Run \`serena-deck list\` to see all instances. ${seeHelp(command)}\n`,
        })
    },
  )

  test.each([
    ['registry', 'list, register, touch, update or deregister'],
    ['service', 'install, uninstall or status'],
    ['autostart', 'on, off or status'],
  ])('%s without an action names the actions', async (command, actions) => {
    const { env } = await quietEnvironment(scope)
    expect(await runCli([command], { env })).toEqual({
      code: 2,
      stdout: '',
      stderr: `Missing action: use ${actions}. ${seeHelp(command)}\n`,
    })
  })

  test('npm run deck before a build says what to do first', async () => {
    const folder = await makeTempFolder(scope, 'unbuilt')
    for (const file of ['package.json', 'scripts/is-built.mjs'])
      await cp(join(projectRoot, file), join(folder, file))
    const { status, stdout, stderr } = spawnSync('npm', ['run', '-s', 'deck', '--', 'list'], {
      cwd: folder,
      encoding: 'utf8',
      shell: process.platform === 'win32',
    })
    expect([status, stdout, stderr]).toEqual([1, '', 'Build first: npm ci && npm run build\n'])
  })

  test('a target that is not there is exit code 3', async () => {
    const { env } = await quietEnvironment(scope)
    const { code, stderr } = await runCli(['status', 'no-such\u001B[31m'], { env })
    expect(code).toBe(3)
    expect(stderr).toBe('No such instance: no-such\\u{001B}[31m. See `serena-deck list`.\n')
  })

  test.each([
    [['kill', '--yes', '--json', '4194301']],
    [['kill', '--dry-run', '4194301']],
    [['stop', '--yes', '4194301']],
    [['status', '--json', '4194301']],
    [['logs', '-f', '4194301']],
  ])('%j: a number behind a switch is the target', async (args) => {
    const { env } = await quietEnvironment(scope)
    const { code, stderr } = await runCli(args, { env })
    expect([code, stderr]).toEqual([3, 'No such instance: 4194301. See `serena-deck list`.\n'])
  })

  test('open --print without a backend is exit code 3 and starts none', async () => {
    const { env } = await quietEnvironment(scope)
    const { code, stdout, stderr } = await runCli(['open', '--print'], { env })
    expect([code, stdout]).toEqual([3, ''])
    expect(stderr).toContain('Serena Deck is not running.')
  })
})

describe('without a backend', () => {
  test('a list of nothing is an empty document', async () => {
    const { env, home } = await quietEnvironment(scope)
    const result = await runCli(['list', '--json'], { env })
    expect(result.code).toBe(0)
    expect(instanceListSchema.parse(json(result))).toMatchObject({ instances: [], serenaHomes: [home] })
  })

  test('list, status and logs tell of an instance by themselves', async () => {
    const { env, home } = await quietEnvironment(scope)
    const project = { name: 'shop', path: await makeTempFolder(scope, 'shop') }
    const standIn = await startTestStandIn(scope, { serenaHome: home, options: { project } })
    const { instances } = instanceListSchema.parse(json(await runCli(['list', '--json'], { env })))
    expect(instances).toMatchObject([
      { pid: standIn.pid, port: standIn.port(), title: `${standIn.pid} - shop`, state: 'live' },
    ])
    for (const target of [String(standIn.pid), `port:${standIn.port()}`, 'shop', project.path]) {
      expect(json(await runCli(['status', target, '--json'], { env }))).toMatchObject({
        schema: 1,
        pid: standIn.pid,
      })
    }
    expect(json(await runCli(['status', '.', '--json'], { env, cwd: project.path }))).toMatchObject({
      pid: standIn.pid,
    })
    const logs = await runCli(['logs', 'shop', '-n', '1'], { env })
    expect(logs.code).toBe(0)
    expect(logs.stdout.trimEnd().split('\n')).toHaveLength(1)
  })

  test('N32: logs and list print nothing that a terminal would obey', async () => {
    const { env, home } = await quietEnvironment(scope)
    await startTestStandIn(scope, {
      serenaHome: home,
      options: { isHostile: true, project: { name: 'x', path: home } },
    })
    const { instances } = instanceListSchema.parse(json(await runCli(['list', '--json'], { env })))
    const { stdout } = await runCli(['logs', `pid:${instances[0]?.pid}`], { env })
    expect(stdout).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u200b]/)
    expect(stdout).toContain('\\u{001B}]52;c;ZXZpbA==\\u{0007}')
    const table = await runCli(['list'], { env })
    expect(table.stdout).toContain('\\u{202E}')
    expect(table.stdout).not.toMatch(/[\u202E\u200B]/)
  })
})

describe('with a backend', () => {
  test('list asks it, open --print gives a fresh address each time, a second serve attaches', async () => {
    const home = await makeTempFolder(scope, 'home')
    const backend = await startBackend(scope, { homes: [home] })
    const standIn = await startTestStandIn(scope, { serenaHome: home })
    const { env } = backend
    const { instances } = instanceListSchema.parse(json(await runCli(['list', '--json'], { env })))
    expect(instances.map(({ pid }) => pid)).toEqual([standIn.pid])

    const first = await runCli(['open', '--print'], { env })
    const second = await runCli(['open', '--print'], { env })
    for (const { code, stdout } of [first, second]) {
      expect(code).toBe(0)
      expect(stdout.startsWith(`${backend.url}#`)).toBe(true)
    }
    expect(first.stdout).not.toBe(second.stdout)

    const again = await runCli(['serve', '--json'], { env })
    expect(again.code).toBe(0)
    expect(json(again)).toMatchObject({ attached: true, url: backend.url })
  })

  test('list --watch --json prints a document a line, and ends with the signal', async () => {
    const home = await makeTempFolder(scope, 'home')
    const backend = await startBackend(scope, { homes: [home] })
    const watcher = startDrivenProgram(scope, process.execPath, [cliProgram, 'list', '--watch', '--json'], {
      cwd: home,
      env: backend.env,
    })
    const countOf = (message: Record<string, unknown>): number =>
      instanceListSchema.parse(message).instances.length
    await watcher.said((message) => countOf(message) === 0)
    await startTestStandIn(scope, { serenaHome: home })
    await watcher.said((message) => countOf(message) === 1, 10_000)
    signalProcess(watcher.mark, 'SIGINT')
    await watcher.close()
    expect(watcher.child.exitCode).toBe(0)
  })
})

describe('open', () => {
  test('starts a backend of its own session, tells the address, and finds it again', async () => {
    const { env } = await quietEnvironment(scope)
    const opened = await runCli(['open', '--port', '0'], {
      env: { ...env, WAYLAND_DISPLAY: '', BROWSER: '' },
    })
    // Before anything is expected: what was started must not outlive a test that fails.
    const { pid } = JSON.parse(
      readFileSync(join(env['SERENA_DECK_STATE'] ?? '', 'backend.json'), 'utf8'),
    ) as { pid: number }
    const tree = markTree(pid)
    scope.add(() => tree.forEach((mark) => void signalProcess(mark, 'SIGTERM')))
    expect(opened.stderr).toBe('')
    const address = /http:\/\/127\.0\.0\.1:\d+\/#\S+/.exec(opened.stdout)?.[0] ?? ''
    const identity = await fetch(new URL(`/api/identity?challenge=${'0'.repeat(64)}`, address))
    expect(await identity.json()).toMatchObject({ pid })
    const again = await runCli(['open', '--print'], { env })
    expect(again.stdout.split('#')[0]).toBe(address.split('#')[0])
    expect(await runCli(['serve', '--stop'], { env })).toEqual({
      code: 0,
      stdout: `Serena Deck (process ${pid}) has ended.\n`,
      stderr: '',
    })
    expect(tree.some(isAlive)).toBe(false)
    const twice = await runCli(['serve', '--stop'], { env })
    expect([twice.code, twice.stdout, twice.stderr]).toEqual([
      3,
      '',
      'Serena Deck is not running. Start it with `serena-deck open`.\n',
    ])
  })
})

describe('demo', () => {
  test('shows one of each kind that has a process and ends all with itself', async () => {
    const { env, home } = await quietEnvironment(scope)
    const demo = startDrivenProgram(scope, process.execPath, [cliProgram, 'demo', '--json'], {
      cwd: home,
      env: { ...process.env, ...env },
    })
    const ready = await demo.said((message) => message['schema'] === 1, 30_000)
    expect(String(ready['openUrl'])).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#/)
    const tree = markTree(demo.mark.pid)
    expect(tree).toHaveLength(6)
    signalProcess(demo.mark, 'SIGTERM')
    await demo.close()
    expect(demo.child.exitCode).toBe(0)
    await waitUntil('all stand-ins to end', () => !tree.some(isAlive))
  })

  test('of the dead one the entry can be removed from the first moment', async () => {
    const { env, home } = await quietEnvironment(scope)
    const demo = startDrivenProgram(scope, process.execPath, [cliProgram, 'demo', '--json'], {
      cwd: home,
      env: { ...process.env, ...env, TMPDIR: home },
    })
    await demo.said((message) => message['schema'] === 1, 30_000)
    const [folder = ''] = readdirSync(home).filter((name) => name.startsWith('serena-deck-demo-'))
    const ofDemo = {
      ...env,
      SERENA_DECK_STATE: join(home, folder, 'state'),
      SERENA_DECK_ONLY_HOMES: join(home, folder, 'serena-home'),
    }
    const plan = json(await runCli(['kill', '--zombies', '--dry-run', '--json'], { env: ofDemo }))
    expect(plan).toMatchObject({ plan: [{ how: 'entry-removed', checked: true, refusal: null }] })
    signalProcess(demo.mark, 'SIGTERM')
    await demo.close()
  })

  test('--instances 0 has nobody to show', async () => {
    const { env, home } = await quietEnvironment(scope)
    const demo = startDrivenProgram(
      scope,
      process.execPath,
      [cliProgram, 'demo', '--json', '--instances', '0'],
      { cwd: home, env: { ...process.env, ...env } },
    )
    await demo.said((message) => message['schema'] === 1, 30_000)
    expect(markTree(demo.mark.pid)).toHaveLength(1)
    signalProcess(demo.mark, 'SIGTERM')
    await demo.close()
    expect(demo.child.exitCode).toBe(0)
  })

  test('its stand-ins end even when it is killed', async () => {
    const { env, home } = await quietEnvironment(scope)
    const demo = startDrivenProgram(scope, process.execPath, [cliProgram, 'demo', '--json'], {
      cwd: home,
      env: { ...process.env, ...env, TMPDIR: home },
    })
    await demo.said((message) => message['schema'] === 1, 30_000)
    const tree = markTree(demo.mark.pid)
    signalProcess(demo.mark, 'SIGKILL')
    await waitUntil('all stand-ins to end', () => !tree.some(isAlive))
  })
})
