// The public interface of the shared registry: command line and routes, with and without a backend.
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
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
  test('registers, lists, updates, touches and deregisters an instance', async () => {
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
    expect((await deck('list')).stdout).toContain(`running  till     :${standIn.port()}`)

    expect((await deck('deregister', `pid:${pid}`)).code).toBe(0)
    expect(existsSync(file)).toBe(false)
    expect((await deck('deregister', pid)).code).toBe(3)
    expect((await deck('list')).stdout).toBe('The registry is empty.\n')
  })

  test('refuses unknown processes and entries of other programs', async () => {
    const { home, env } = await quiet()
    if (which === 'with')
      await startBackend(scope, { homes: [home], stateFolder: env['SERENA_DECK_STATE'] ?? '' })
    writeFileSync(
      join(home, 'instances.json'),
      JSON.stringify([{ pid: process.pid, started_at: Date.now() / 1000 }]),
    )
    const deck = (...args: string[]) => runCli(['registry', ...args], { env, cwd: home })
    for (const [args, code, words] of [
      [['register', '2147483646'], 3, 'No such process: 2147483646.'],
      [['register', 'shop'], 2, 'registry register takes a PID.'],
      [['register', String(process.pid), '--home', '/nowhere/at/all'], 2, 'SERENA_DECK_ONLY_HOMES'],
      [['touch', String(process.pid)], 3, 'No registry entry of Serena Deck matches'],
      [['update', '1'], 2, 'takes at least one of'],
      [['dance'], 2, "Unknown action 'dance': use list, register, touch, update or deregister."],
    ] as const) {
      const result = await deck(...args)
      expect([result.code, result.stderr], args.join(' ')).toEqual([code, expect.stringContaining(words)])
    }
    expect(readdirSync(home)).toEqual(['instances.json'])
    expect(listOf(await deck('list', '--json')).entries).toMatchObject([{ pid: process.pid, shape: 'a' }])
  })
})

describe('the routes', () => {
  test('shows a registered instance as one tab, and its entry as dead after its exit', async () => {
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

  test('keeps name, port and owner of a dead instance', async () => {
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
    // A backend that never saw it running knows only the entry, which names no project.
    await backend.stop()
    const later = await startBackend(scope, { homes: [home] })
    expect(await tabOf(later, standIn.pid)).toMatchObject({
      state: 'dead',
      title: `${standIn.pid} - PROJECT UNKNOWN`,
      project: null,
    })
  })

  test('refuses a port of another process, and accepts a port of the Serena below a launcher', async () => {
    const home = await makeTempFolder(scope, 'home')
    const backend = await startBackend(scope, { homes: [home] })
    const one = await startTestStandIn(scope, { serenaHome: home })
    const other = await startTestStandIn(scope, { serenaHome: home })
    const port = other.port() ?? 0
    const words = new RegExp(
      `400.*port ${port} does not belong to process ${one.pid}, which listens on ${one.port()}\\.`,
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

  test('refuses its own port and its own process', async () => {
    const home = await makeTempFolder(scope, 'home')
    const backend = await startBackend(scope, { homes: [home] })
    const standIn = await startTestStandIn(scope, { serenaHome: home })
    const port = Number(new URL(backend.url).port)
    await expect(backend.call('register', { body: { pid: standIn.pid, port } })).rejects.toThrowError(
      /400.*belongs to Serena Deck/,
    )
    await expect(backend.call('register', { body: { pid: backend.pid } })).rejects.toThrowError(
      /400.*is Serena Deck itself/,
    )
    const { entry } = await backend.call('register', { body: { pid: standIn.pid } })
    const [listed] = (await backend.call('registry')).entries
    const params = { id: listed?.id ?? '' }
    await expect(backend.call('updateEntry', { params, body: { port } })).rejects.toThrowError(
      /400.*belongs to Serena Deck/,
    )
    // Written directly to disk: an entry that names our port is not a dashboard, and the backend never queries itself.
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

  test('refuses a world-writable home, and does not block on FIFOs among the entries', async () => {
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
      /500.*all users/,
    )
    chmodSync(home, 0o755)
    await backend.call('register', { body: { pid: standIn.pid } })
    // Each blocking FIFO would occupy one of the four threads that all other reads need: these calls would never be answered.
    const [{ entries, problems }, { instances }] = await Promise.all([
      backend.call('registry'),
      backend.call('sweep'),
      backend.call('settings'),
      backend.call('history'),
    ])
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
    )

  test('lists running instances, is restored when deleted, and is removed when the backend exits', async () => {
    const home = await makeTempFolder(scope, 'home')
    const standIn = await startTestStandIn(scope, {
      serenaHome: home,
      options: { project: { name: 'shop', path: home } },
    })
    const backend = await startBackend(scope, { homes: [home] })
    // Published first from its arguments, then from its dashboard.
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
    await waitUntil('it to be removed', () => !(String(second.pid) in readView(home)))
    expect((await backend.call('sweep')).instances.map(({ pid }) => pid)).toEqual([standIn.pid])
    await backend.stop()
    expect(existsSync(join(home, 'instances.json'))).toBe(false)
  })

  test('replaces the view of a killed backend, and shows no dead entry for it', async () => {
    const home = await makeTempFolder(scope, 'home')
    const standIn = await startTestStandIn(scope, { serenaHome: home })
    const killed = await startBackend(scope, { homes: [home] })
    await viewWith(home, standIn.pid)
    signalProcess(killed.program.mark, 'SIGKILL')
    await standIn.stop()
    const backend = await startBackend(scope, { homes: [home] })
    expect((await backend.call('sweep')).instances).toEqual([])
    await waitUntil('the file to be removed', () => !existsSync(join(home, 'instances.json')))
  })

  test('is not written while another program writes it', async () => {
    const home = await makeTempFolder(scope, 'home')
    const foreign = await startTestStandIn(scope, { serenaHome: home })
    const text = JSON.stringify({
      instances: { [foreign.pid]: { pid: foreign.pid, port: foreign.port(), started_at: Date.now() / 1000 } },
      lifecycle_events: [],
      global_dashboard_pid: null,
      global_dashboard_port: null,
    })
    writeFileSync(join(home, 'instances.json'), text)
    const other = await makeTempFolder(scope, 'other')
    const backend = await startBackend(scope, { homes: [home, other] })
    const standIn = await startTestStandIn(scope, { serenaHome: home })
    await waitUntil('both tabs', async () => (await backend.call('sweep')).instances.length === 2)
    // Each publishing round writes all homes: two rounds have started since both were listed.
    const beside = await startTestStandIn(scope, { serenaHome: other })
    await viewWith(other, beside.pid)
    await beside.stop()
    await waitUntil('the writer to exit', () => !existsSync(join(other, 'instances.json')))
    expect(readFileSync(join(home, 'instances.json'), 'utf8')).toBe(text)
    await standIn.stop()
    await backend.stop()
    expect(readFileSync(join(home, 'instances.json'), 'utf8')).toBe(text)
  })
})
