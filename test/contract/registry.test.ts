// The shared registry from outside: command line and routes, with and without a backend; rows N24, N27, N49.
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { registryListSchema, writtenEntrySchema } from '#contract/registry'
import { startBackend, type TestBackend } from '../helpers/backend.ts'
import { type CliResult, runCli } from '../helpers/cli.ts'
import { markProcess, signalProcess } from '../helpers/processes.ts'
import { startTestStandIn } from '../helpers/stand-in.ts'
import { makeTempFolder } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const scope = scopePerTest()
const json = ({ stdout }: CliResult): unknown => JSON.parse(stdout)
const listOf = (result: CliResult) => registryListSchema.parse(json(result))

async function quiet(): Promise<{ home: string; env: NodeJS.ProcessEnv }> {
  const home = await makeTempFolder(scope, 'home')
  const state = await makeTempFolder(scope, 'state')
  return { home, env: { SERENA_HOME: home, SERENA_DECK_ONLY_HOMES: home, SERENA_DECK_STATE: state } }
}

const tabOf = async (backend: TestBackend, pid: number) =>
  (await backend.call('sweep')).instances.find((one) => one.pid === pid)

describe.each(['without', 'with'])('%s a backend', (which) => {
  test('register, list, update, touch, deregister', async () => {
    const { home, env } = await quiet()
    if (which === 'with')
      await startBackend(scope, { homes: [home], stateFolder: env['SERENA_DECK_STATE'] ?? '' })
    const standIn = await startTestStandIn(scope, { serenaHome: home })
    const pid = String(standIn.pid)
    const deck = (...args: string[]) => runCli(['registry', ...args], { env, cwd: home })

    const registered = await deck(
      'register',
      pid,
      '--port',
      String(standIn.port()),
      '--project',
      'shop',
      '--json',
    )
    const { file, entry } = writtenEntrySchema.parse(json(registered))
    expect(file.startsWith(join(home, 'instances.d', `${pid}-`))).toBe(true)
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(entry)
    expect(listOf(await deck('list', '--json')).entries).toMatchObject([
      { pid: standIn.pid, shape: 'own', process: 'lives', project: { name: 'shop', path: null } },
    ])

    const updated = await deck(
      'update',
      'shop',
      '--project',
      'till',
      '--path',
      '.',
      '--mode',
      'a',
      '--mode',
      'b',
    )
    expect([updated.code, updated.stdout]).toEqual([0, `Updated process ${pid}: ${file}\n`])
    expect((await deck('touch', home)).code).toBe(0)
    const [changed] = listOf(await deck('list', '--json')).entries
    expect(changed).toMatchObject({
      project: { name: 'till', path: home },
      modes: ['a', 'b'],
      port: standIn.port(),
    })
    expect(Date.parse(changed?.lastSeenAt ?? '')).toBeGreaterThan(entry.updatedAt ?? Number.NaN)
    expect((await deck('list')).stdout).toContain(`lives    till     :${standIn.port()}`)

    expect((await deck('deregister', `pid:${pid}`)).code).toBe(0)
    expect(existsSync(file)).toBe(false)
    expect((await deck('deregister', pid)).code).toBe(3)
    expect((await deck('list')).stdout).toBe('The registry is empty.\n')
  })

  test('what is not there or not ours is refused', async () => {
    const { home, env } = await quiet()
    if (which === 'with')
      await startBackend(scope, { homes: [home], stateFolder: env['SERENA_DECK_STATE'] ?? '' })
    writeFileSync(
      join(home, 'instances.json'),
      JSON.stringify([{ pid: process.pid, started_at: Date.now() / 1000 }]),
    )
    const deck = (...args: string[]) => runCli(['registry', ...args], { env, cwd: home })
    for (const [args, code, words] of [
      [['register', '2147483646'], 3, 'There is no process 2147483646.'],
      [['register', 'shop'], 2, 'registry register takes a PID.'],
      [['register', String(process.pid), '--home', '/nowhere/at/all'], 2, 'SERENA_DECK_ONLY_HOMES'],
      [['touch', String(process.pid)], 3, 'No registry entry of Serena Deck matches'],
      [['update', '1'], 2, 'takes at least one of'],
      [['dance'], 2, 'Unknown action dance: use list, register, touch, update or deregister.'],
    ] as const) {
      const result = await deck(...args)
      expect([result.code, result.stderr], args.join(' ')).toEqual([code, expect.stringContaining(words)])
    }
    expect(readdirSync(home)).toEqual(['instances.json'])
    expect(listOf(await deck('list', '--json')).entries).toMatchObject([{ pid: process.pid, shape: 'a' }])
  })
})

describe('the routes', () => {
  test('a registered instance is one tab with its source, and its entry left behind is a dead one', async () => {
    const home = await makeTempFolder(scope, 'home')
    const backend = await startBackend(scope, { homes: [home] })
    const standIn = await startTestStandIn(scope, { serenaHome: home })
    const { file, entry } = await backend.call('register', { body: { pid: standIn.pid, context: 'agent' } })
    expect(entry).toMatchObject({ pid: standIn.pid, context: 'agent', port: null })
    expect(await tabOf(backend, standIn.pid)).toMatchObject({
      state: 'idle',
      sources: expect.arrayContaining(['registry']) as string[],
    })
    await standIn.stop()
    await waitUntil('the entry to be dead', async () => (await tabOf(backend, standIn.pid))?.state === 'dead')
    expect(existsSync(file)).toBe(true)
  })

  test('a dead one keeps the name, the port and the owner it was seen with', async () => {
    const home = await makeTempFolder(scope, 'home')
    const backend = await startBackend(scope, { homes: [home] })
    const standIn = await startTestStandIn(scope, {
      serenaHome: home,
      options: { project: { name: 'invoice-tools', path: home } },
    })
    await backend.call('register', { body: { pid: standIn.pid } })
    const alive = await waitUntil('it to be live', async () => {
      const tab = await tabOf(backend, standIn.pid)
      return tab?.state === 'live' ? tab : undefined
    })
    expect(alive.owner).not.toBeNull()
    const mark = markProcess(standIn.pid)
    if (mark) signalProcess(mark, 'SIGKILL')
    const dead = await waitUntil('the entry to be dead', async () => {
      const tab = await tabOf(backend, standIn.pid)
      return tab?.state === 'dead' ? tab : undefined
    })
    const { title, project, port, owner } = alive
    expect(dead).toMatchObject({ title: `${standIn.pid} - invoice-tools`, project, port, owner })
    expect(title).toBe(dead.title)
    // Whoever did not see it alive has the entry alone, and that names no project.
    await backend.stop()
    const later = await startBackend(scope, { homes: [home] })
    expect(await tabOf(later, standIn.pid)).toMatchObject({
      state: 'dead',
      title: `${standIn.pid} - PROJECT UNKNOWN`,
      project: null,
    })
  })

  test('a port of somebody else is refused, that of a Serena below its launcher is not', async () => {
    const home = await makeTempFolder(scope, 'home')
    const backend = await startBackend(scope, { homes: [home] })
    const one = await startTestStandIn(scope, { serenaHome: home })
    const other = await startTestStandIn(scope, { serenaHome: home })
    const port = other.port() ?? 0
    const words = new RegExp(
      `400.*port ${port} is not process ${one.pid}'s, which listens on ${one.port()}\\.`,
    )
    await expect(backend.call('register', { body: { pid: one.pid, port } })).rejects.toThrowError(words)
    expect((await backend.call('registry')).entries).toEqual([])
    await backend.call('register', { body: { pid: one.pid, port: one.port() } })
    const [listed] = (await backend.call('registry')).entries
    const params = { id: listed?.id ?? '' }
    await expect(backend.call('updateEntry', { params, body: { port } })).rejects.toThrowError(words)
    const { entry } = await backend.call('register', { body: { pid: process.pid, port } })
    expect(entry.port).toBe(port)
  })

  test('N49: our own port and our own process are refused, and nothing loops', async () => {
    const home = await makeTempFolder(scope, 'home')
    const backend = await startBackend(scope, { homes: [home] })
    const standIn = await startTestStandIn(scope, { serenaHome: home })
    const port = Number(new URL(backend.url).port)
    await expect(backend.call('register', { body: { pid: standIn.pid, port } })).rejects.toThrowError(
      /400.*own/,
    )
    await expect(backend.call('register', { body: { pid: backend.pid } })).rejects.toThrowError(/400.*itself/)
    const { entry } = await backend.call('register', { body: { pid: standIn.pid } })
    const [listed] = (await backend.call('registry')).entries
    const params = { id: listed?.id ?? '' }
    await expect(backend.call('updateEntry', { params, body: { port } })).rejects.toThrowError(/400.*own/)
    // Planted past the door: an entry that names our port is nobody's dashboard, and we never ask ourselves.
    writeFileSync(
      join(home, 'instances.d', `${backend.pid}-1.json`),
      JSON.stringify({ ...entry, pid: backend.pid, port }),
    )
    await backend.call('sweep')
    await backend.call('sweep')
    const { instances } = await backend.call('instances')
    expect(instances.filter((one) => one.port === port && one.state === 'live')).toEqual([])
    expect(instances.map(({ pid }) => pid)).not.toContain(null)
  })

  test('N24, N27: a home that everybody may write into, four FIFOs among the entries', async () => {
    const home = await makeTempFolder(scope, 'home')
    const backend = await startBackend(scope, { homes: [home] })
    const standIn = await startTestStandIn(scope, { serenaHome: home })
    mkdirSync(join(home, 'instances.d'))
    execFileSync(
      'mkfifo',
      [1, 2, 3, 4].map((at) => join(home, 'instances.d', `7-${at}.json`)),
    )
    chmodSync(home, 0o777)
    await expect(backend.call('register', { body: { pid: standIn.pid } })).rejects.toThrowError(
      /500.*every user/,
    )
    chmodSync(home, 0o755)
    await backend.call('register', { body: { pid: standIn.pid } })
    const began = performance.now()
    // Each FIFO that is waited for would take one of the four threads that all other reads need.
    const [{ entries, problems }, { instances }] = await Promise.all([
      backend.call('registry'),
      backend.call('sweep'),
      backend.call('settings'),
      backend.call('history'),
    ])
    expect(performance.now() - began).toBeLessThan(1_000)
    expect(instances.map(({ pid }) => pid)).toEqual([standIn.pid])
    expect(entries.map(({ pid }) => pid)).toEqual([standIn.pid])
    expect(problems).toEqual(Array(4).fill(expect.stringContaining('it is not a regular file')))
  })
})

describe('the published view', () => {
  const readView = (home: string): Record<string, Record<string, unknown>> =>
    (
      JSON.parse(readFileSync(join(home, 'instances.json'), 'utf8')) as {
        instances: Record<string, Record<string, unknown>>
      }
    ).instances
  const viewWith = (home: string, pid: number) =>
    waitUntil(
      'the view to name it',
      () => existsSync(join(home, 'instances.json')) && readView(home)[String(pid)],
      {
        timeoutMs: 20_000,
      },
    )

  test('names what lives, comes back when it disappears, and goes with the backend', async () => {
    const home = await makeTempFolder(scope, 'home')
    const standIn = await startTestStandIn(scope, {
      serenaHome: home,
      options: { project: { name: 'shop', path: home } },
    })
    const backend = await startBackend(scope, { homes: [home] })
    // Published first by its arguments, then by what its dashboard says.
    await expect
      .poll(() => viewWith(home, standIn.pid), { timeout: 10_000 })
      .toMatchObject({ port: standIn.port(), project_name: 'shop', state: 'live_with_project' })
    await backend.call('register', { body: { pid: standIn.pid } })
    rmSync(join(home, 'instances.json'))
    rmSync(join(home, 'instances.d'), { recursive: true })
    await viewWith(home, standIn.pid)
    expect((await backend.call('registry')).entries).toMatchObject([{ pid: standIn.pid, shape: 'own' }])
    const second = await startTestStandIn(scope, { serenaHome: home })
    await expect
      .poll(() => viewWith(home, second.pid), { timeout: 10_000 })
      .toMatchObject({ state: 'live_no_project' })
    await second.stop()
    await waitUntil('it to go', () => !(String(second.pid) in readView(home)), { timeoutMs: 30_000 })
    expect((await backend.call('sweep')).instances.map(({ pid }) => pid)).toEqual([standIn.pid])
    await backend.stop()
    expect(existsSync(join(home, 'instances.json'))).toBe(false)
  })

  test('what a killed backend left is not shown as dead, and taken over', async () => {
    const home = await makeTempFolder(scope, 'home')
    const standIn = await startTestStandIn(scope, { serenaHome: home })
    const killed = await startBackend(scope, { homes: [home] })
    await viewWith(home, standIn.pid)
    signalProcess(killed.program.mark, 'SIGKILL')
    await standIn.stop()
    const backend = await startBackend(scope, { homes: [home] })
    expect((await backend.call('sweep')).instances).toEqual([])
    await waitUntil('the file to go', () => !existsSync(join(home, 'instances.json')), { timeoutMs: 20_000 })
  })

  test('is left to those who write it while they live', async () => {
    const home = await makeTempFolder(scope, 'home')
    const foreign = await startTestStandIn(scope, { serenaHome: home })
    const text = JSON.stringify({
      instances: { [foreign.pid]: { pid: foreign.pid, port: foreign.port(), started_at: Date.now() / 1000 } },
      lifecycle_events: [],
      global_dashboard_pid: null,
      global_dashboard_port: null,
    })
    writeFileSync(join(home, 'instances.json'), text)
    const backend = await startBackend(scope, { homes: [home] })
    const standIn = await startTestStandIn(scope, { serenaHome: home })
    await waitUntil('both tabs', async () => (await backend.call('sweep')).instances.length === 2)
    await sleep(1_500)
    expect(readFileSync(join(home, 'instances.json'), 'utf8')).toBe(text)
    await standIn.stop()
    await backend.stop()
    expect(readFileSync(join(home, 'instances.json'), 'utf8')).toBe(text)
  })
})
