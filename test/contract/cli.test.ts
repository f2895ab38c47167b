// The public command line: help, exit codes, JSON documents; with and without a running backend.

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

/** An environment isolated from the user: one empty home, a new state folder. */
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
    'jump',
    'label',
    'note',
    'leave-alone',
    'registry',
    'install',
    'uninstall',
    'autostart',
    'service',
    'demo',
    'wrap',
    'connect',
    'hub',
    'complete',
  ])('%s --help', async (command) => {
    const { env } = await quietEnvironment(scope)
    const { code, stdout } = await runCli([...(command ? [command] : []), '--help'], { env })
    expect(code).toBe(0)
    expect(stdout).not.toMatch(/ $/m)
    expect(stdout).toMatchSnapshot()
  })

  test.each([
    ['registry register', 'Register a running process in the shared registry'],
    ['registry list', 'List the entries of the shared registry'],
    ['service install', 'Install and start the service'],
    ['autostart off', 'Stop starting Serena Deck at login'],
  ])('%s --help describes the action', async (words, sentence) => {
    const { env } = await quietEnvironment(scope)
    const { code, stdout } = await runCli([...words.split(' '), '--help'], { env })
    expect(code).toBe(0)
    expect(stdout).toMatch(new RegExp(`^Usage: serena-deck ${words} \\[options\\].*\n\n${sentence}\n`))
  })

  // The parser's own cases are in extensions/backend/cli/run-cli.test.ts.
  const seeHelp = (command: string): string => `See \`serena-deck ${command} --help\`.`
  test.each([
    [['no-such-command'], "Unknown command 'no-such-command'. See `serena-deck --help`."],
    [['list', '--nonsense'], `Unknown option '--nonsense'. ${seeHelp('list')}`],
    [['serve', '--port', '70000'], `--port takes a number from 0 to 65535. ${seeHelp('serve')}`],
    [['serve', '--stop', '--json'], `--stop cannot be combined with other options. ${seeHelp('serve')}`],
    [['logs', 'x', '-n', 'many'], `-n takes a whole number from 1 up. ${seeHelp('logs')}`],
    [['kill', '--yes'], `Missing TARGET or --zombies. ${seeHelp('kill')}`],
    [['kill', 'x', '--zombies', '--yes'], `--zombies cannot be combined with a TARGET. ${seeHelp('kill')}`],
    [['kill', 'x', '--include-hung', '--yes'], `--include-hung requires --zombies. ${seeHelp('kill')}`],
    [['kill', '--unused-for'], `Option '--unused-for <span>' requires a value. ${seeHelp('kill')}`],
    [
      ['history', '--json', '--json-lines'],
      `--json cannot be combined with --json-lines. ${seeHelp('history')}`,
    ],
    [
      ['registry', 'nonsense'],
      `Unknown action 'nonsense': use list, register, touch, update or deregister. ${seeHelp('registry')}`,
    ],
  ])('%j is incorrect use', async (args, sentence) => {
    const { env } = await quietEnvironment(scope)
    expect(await runCli(args, { env })).toEqual({ code: 2, stdout: '', stderr: `${sentence}\n` })
  })

  test.runIf(process.platform === 'linux')('a TARGET that is not UTF-8 is incorrect use', async () => {
    const { env } = await quietEnvironment(scope)
    const program = `exec "$0" "$1" kill --yes "$(printf '/x/caf\\350')"`
    const { status, stdout, stderr } = spawnSync('sh', ['-c', program, process.execPath, cliProgram], {
      env: { ...process.env, ...env },
      encoding: 'utf8',
    })
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(
      /^Argument 3 \(\/x\/caf\uFFFD\) is not valid UTF-8\. Name an instance by pid:N or port:N\./,
    )
  })

  test('npm run deck before a build reports what to run first', async () => {
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

  test('an unknown target exits with code 3', async () => {
    const { env } = await quietEnvironment(scope)
    const { code, stderr } = await runCli(['status', 'no-such\u001B[31m'], { env })
    expect(code).toBe(3)
    expect(stderr).toBe(
      'No such instance: no-such\\u{001B}[31m. Run `serena-deck list` to see all instances.\n',
    )
  })

  test.each([
    [['kill', '--yes', '--json', '4194301']],
    [['kill', '--dry-run', '4194301']],
    [['stop', '--yes', '4194301']],
    [['status', '--json', '4194301']],
    [['logs', '-f', '4194301']],
  ])('%j: a number after a flag is the target', async (args) => {
    const { env } = await quietEnvironment(scope)
    const { code, stderr } = await runCli(args, { env })
    expect([code, stderr]).toEqual([
      3,
      'No such instance: 4194301. Run `serena-deck list` to see all instances.\n',
    ])
  })

  test('open --print without a backend exits with code 3 and starts none', async () => {
    const { env } = await quietEnvironment(scope)
    const { code, stdout, stderr } = await runCli(['open', '--print'], { env })
    expect([code, stdout]).toEqual([3, ''])
    expect(stderr).toContain('Serena Deck is not running.')
  })
})

describe('without a backend', () => {
  test('list prints an empty document without instances', async () => {
    const { env, home } = await quietEnvironment(scope)
    const result = await runCli(['list', '--json'], { env })
    expect(result.code).toBe(0)
    expect(instanceListSchema.parse(json(result))).toMatchObject({ instances: [], serenaHomes: [home] })
  })

  test('list, status and logs work without a backend', async () => {
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

  test('logs and list escape control characters', async () => {
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
  test('list uses it, open --print prints a new address each time, a second serve attaches', async () => {
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

  test('list --watch --json prints one document per line, and exits on a signal', async () => {
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
    await watcher.said((message) => countOf(message) === 1)
    signalProcess(watcher.mark, 'SIGINT')
    await watcher.close()
    expect(watcher.child.exitCode).toBe(0)
  })
})

describe('open', () => {
  test('starts a backend in its own session, prints the address, and finds it again', async () => {
    const { env } = await quietEnvironment(scope)
    const opened = await runCli(['open', '--port', '0'], {
      env: { ...env, WAYLAND_DISPLAY: '', BROWSER: '' },
    })
    // Before any assertion, so that a failed test leaves no process running.
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
      stdout: `Serena Deck (process ${pid}) was stopped.\n`,
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
  test('shows one instance of each kind, and stops all of them when it exits', async () => {
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

  test('the entry of the dead instance can be removed at once', async () => {
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

  test('--instances 0 shows no instance', async () => {
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

  test('its stand-ins exit when it is killed', async () => {
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
