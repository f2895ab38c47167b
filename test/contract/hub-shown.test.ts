// How the product shows a real hub: its Serenas are instances with several clients, asleep ones stay listed, and it can be controlled.
import { describe, expect, test } from 'vitest'
import { historySchema } from '#contract/history'
import { type HubStatus, hubStatusSchema } from '#contract/hub'
import { type Instance, instanceListSchema } from '#contract/instance'
import { startBackend, type TestBackend } from '../helpers/backend.ts'
import { runCli } from '../helpers/cli.ts'
import { type ConnectedClient, startConnectedClient, writeMcpSerena } from '../helpers/mcp-serena.ts'
import { markProcess, signalProcess } from '../helpers/processes.ts'
import { makeTempFolder } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const scope = scopePerTest()
const SLOW = { timeoutMs: 30_000 }

interface Stage {
  env: NodeJS.ProcessEnv
  home: string
  stateFolder: string
  clients: readonly ConnectedClient[]
  status(): Promise<HubStatus>
}

/** Two clients of one project, each of which has called a tool. */
async function stageOf(flags: readonly string[] = []): Promise<Stage> {
  const home = await makeTempFolder(scope, 'home')
  const stateFolder = await makeTempFolder(scope, 'state')
  const project = await makeTempFolder(scope, 'shop')
  const env = {
    ...process.env,
    SERENA_HOME: home,
    SERENA_DECK_ONLY_HOMES: home,
    SERENA_DECK_STATE: stateFolder,
    DISPLAY: '',
  }
  const command = await writeMcpSerena(scope, project)
  scope.add(async () => void (await runCli(['hub', 'stop', '--yes'], { env })))
  const clients = [
    await startConnectedClient(scope, command, { env, cwd: project, flags }),
    await startConnectedClient(scope, command, { env, cwd: project, flags }),
  ]
  const pids = await Promise.all(clients.map((client) => client.call()))
  expect(new Set(pids).size).toBe(1)
  return {
    env,
    home,
    stateFolder,
    clients,
    async status() {
      const { stdout, stderr } = await runCli(['hub', 'status', '--json'], { env })
      if (stdout === '') throw new Error(stderr)
      return hubStatusSchema.parse(JSON.parse(stdout))
    },
  }
}

const backendOf = ({ home, stateFolder, env }: Stage): Promise<TestBackend> =>
  startBackend(scope, { homes: [home], stateFolder, env })

const shared = async (backend: TestBackend, state?: Instance['state']): Promise<Instance> =>
  waitUntil(
    `one instance of the hub ${state ?? ''}`,
    async () => {
      const { instances } = await backend.call('sweep')
      const [one, ...others] = instances
      expect(others).toEqual([])
      return one?.hubSerena !== undefined && (state === undefined || one.state === state) ? one : null
    },
    SLOW,
  )

const countIn = (all: readonly string[], wanted: string): number => all.filter((one) => one === wanted).length

describe('without a backend', () => {
  test('prints the state of the hub, with measured memory', async () => {
    const stage = await stageOf()
    const status = await stage.status()
    expect(status.serenas).toHaveLength(1)
    const [serena] = status.serenas
    expect(serena).toMatchObject({ id: 's1', state: 'running', context: 'claude-code', privateBecause: null })
    expect(serena?.clients.map(({ id, name }) => [id, name])).toEqual([
      ['c1', 'test-client'],
      ['c2', 'test-client'],
    ])
    expect(serena?.memoryBytes).toBeGreaterThan(1e6)
    expect(status.savedBytes).toBe(serena?.memoryBytes)

    const text = await runCli(['hub'], { env: stage.env })
    expect(text.stdout).toContain(`The hub is running (process ${status.pid}, `)
    expect(text.stdout).toContain('1 Serena, 2 clients.')
    expect(text.stdout).toContain('less memory than separate Serenas.')

    const list = await runCli(['list', '--json'], { env: stage.env })
    const { instances } = instanceListSchema.parse(JSON.parse(list.stdout))
    expect(
      instances.map(({ pid, hubSerena, owner, clients }) => [pid, hubSerena, owner?.name, clients?.length]),
    ).toEqual([[serena?.pid, 's1', 'Serena Deck hub', 2]])
    expect((await runCli(['list'], { env: stage.env })).stdout).toContain('2 clients: ')
  })

  test('detaches one client, restarts a Serena and stops the hub', async () => {
    const stage = await stageOf()
    const { env } = stage
    expect(await runCli(['hub', 'detach', 'c1'], { env })).toMatchObject({ code: 2 })
    expect(await runCli(['hub', 'detach', 'c9', '--yes'], { env })).toMatchObject({ code: 3 })
    expect(await runCli(['hub', 'detach', 'c1', '--yes'], { env })).toMatchObject({
      code: 0,
      stdout: 'Detached 1 client.\n',
    })
    await waitUntil('c1 has left', async () => (await stage.status()).serenas[0]?.clients.length === 1)
    const before = (await stage.status()).serenas[0]?.pid
    const { code, stdout } = await runCli(['hub', 'restart', 's1', '--yes', '--json'], { env })
    expect([code, JSON.parse(stdout)]).toEqual([
      0,
      { schema: 1, hub: { action: 'restart', target: 's1', count: 1 } },
    ])
    expect(await stage.clients[1]?.call()).not.toBe(before)
  })

  test('has nothing to show without a hub', async () => {
    const state = await makeTempFolder(scope, 'state')
    const { code, stderr } = await runCli(['hub', 'status'], {
      env: { SERENA_DECK_STATE: state, SERENA_HOME: state, SERENA_DECK_ONLY_HOMES: state },
    })
    expect([code, stderr]).toEqual([3, expect.stringMatching(/^The hub is not running\./)])
  })
})

describe('with a backend', () => {
  test('lists one instance with its clients, and says what its end means for them', async () => {
    const stage = await stageOf()
    const backend = await backendOf(stage)
    const one = await shared(backend)
    expect(one).toMatchObject({
      transport: 'stdio',
      flags: [],
      hubSerena: 's1',
      owner: { name: 'Serena Deck hub' },
    })
    expect(one.clients).toHaveLength(2)
    expect(one.sources).toContain('hub')
    const { plan } = await backend.call('planEnding', { body: { ids: [one.id] } })
    expect(plan[0]).toMatchObject({ refusal: null, checked: false })
    expect(plan[0]?.why[0]).toBe('2 clients use it; their next call starts a new one.')
    expect((await backend.call('planEnding', { body: { ids: null } })).plan).toEqual([])

    const { hub } = await backend.call('hub')
    expect(hub?.serenas[0]).toMatchObject({ pid: one.pid, memoryBytes: one.memoryBytes })
    expect(hub?.savedBytes).toBe(one.memoryBytes)

    const receipt = await backend.call('end', { body: { ids: [one.id], scope: 'named' } })
    expect(receipt).toMatchObject({ ended: [{ id: one.id, processes: 1 }], survivors: [] })
    const next = await stage.clients[0]?.call()
    expect(next).not.toBe(one.pid)
    await waitUntil('the new one is listed', async () => (await shared(backend)).pid === next, SLOW)
  })

  test('keeps one that is asleep in the list, never ends it, and records what happened', async () => {
    const stage = await stageOf(['--idle-shutdown-minutes', '0.1'])
    const backend = await backendOf(stage)
    const events = backend.stream()
    const one = await shared(backend)
    const asleep = await shared(backend, 'asleep')
    expect(asleep).toMatchObject({
      pid: null,
      colour: 'grey',
      processCount: 0,
    })
    expect(asleep.title).toMatch(/^hub - /)
    expect(asleep.clients).toHaveLength(2)
    await events.until(
      (event) =>
        event.type === 'delta' && event.handovers.some(({ from, to }) => from === one.id && to === asleep.id),
    )
    await events.until(
      (event) => event.type === 'hub' && event.hub?.serenas.some(({ state }) => state === 'asleep') === true,
    )
    const zombies = await runCli(['kill', '--zombies', '--dry-run', '--json'], { env: stage.env })
    expect(JSON.parse(zombies.stdout)).toEqual({ schema: 1, plan: [] })
    const kill = await runCli(['kill', String(asleep.project?.name), '--yes'], { env: stage.env })
    expect([kill.code, kill.stderr]).toEqual([1, expect.stringContaining('It is asleep and has no process')])

    const pid = await stage.clients[1]?.call()
    const awake = await waitUntil(
      'it is awake',
      async () => {
        const now = await shared(backend)
        return now.pid === pid ? now : null
      },
      SLOW,
    )
    expect(awake.clients).toHaveLength(2)
    const happened = async (): Promise<string[]> =>
      historySchema.parse(await backend.call('history')).records.map(({ event }) => event)
    // The hub reports a change up to a second later than the scan finds the process.
    await waitUntil('both starts, the sleep and the wake in the history', async () => {
      const all = await happened()
      return ['slept', 'woke'].every((event) => all.includes(event)) && countIn(all, 'started') === 2
    })
    expect(await happened()).not.toContain('gone')
    events.close()
  })

  test('records what the hub did while no backend was running', async () => {
    const stage = await stageOf(['--idle-shutdown-minutes', '0.05'])
    const isAsleep = async () => (await stage.status()).serenas[0]?.state === 'asleep'
    await waitUntil('it to sleep', isAsleep, SLOW)
    expect(await runCli(['hub', 'detach', 'c2', '--yes'], { env: stage.env })).toMatchObject({ code: 0 })
    await stage.clients[0]?.call()
    const happened = async (backend: TestBackend): Promise<string[]> => {
      const { records } = historySchema.parse(await backend.call('history'))
      const times = records.map(({ at }) => at)
      expect(times).toEqual([...times].sort())
      return records.map(({ event }) => event)
    }
    const first = await backendOf(stage)
    await waitUntil('the start in the history', async () => (await happened(first)).includes('started'))
    const all = await happened(first)
    expect(countIn(all, 'joined')).toBe(2)
    const { records } = await first.call('history')
    const joined = records.filter(({ event }) => event === 'joined')
    expect(joined.map(({ owner }) => owner?.name)).toEqual(['test-client', 'test-client'])
    expect(all.indexOf('slept')).toBeLessThan(all.indexOf('left'))
    expect(all.lastIndexOf('woke')).toBeGreaterThan(all.indexOf('left'))
    await first.stop()
    expect((await happened(await backendOf(stage))).slice(0, all.length)).toEqual(all)
  })

  test('judges its Serenas as all others when the hub was killed', async () => {
    const stage = await stageOf()
    const backend = await backendOf(stage)
    const one = await shared(backend)
    const { hub } = await backend.call('hub')
    const mark = markProcess(hub?.pid ?? 0)
    if (mark) signalProcess(mark, 'SIGKILL')
    await waitUntil('its Serena exits with it', async () => {
      const { instances } = await backend.call('sweep')
      return !instances.some(({ id }) => id === one.id)
    })
    const pid = await stage.clients[0]?.call()
    expect((await shared(backend)).pid).toBe(pid)
    expect((await backend.call('hub')).hub?.pid).not.toBe(hub?.pid)
  })

  test('stops, restarts and detaches over HTTP', async () => {
    const stage = await stageOf()
    const backend = await backendOf(stage)
    await shared(backend)
    expect(await backend.call('restartHub', { body: { target: null } })).toEqual({ count: 1 })
    await expect(backend.call('stopHub', { body: { target: 's9' } })).rejects.toThrow(
      'The hub has no Serena s9.',
    )
    expect(await backend.call('detachClient', { body: { client: 'c2' } })).toEqual({ count: 1 })
    expect(await backend.call('stopHub', { body: { target: 's1' } })).toEqual({ count: 1 })
    const isAlone = async (): Promise<boolean> => (await shared(backend, 'asleep')).clients?.length === 1
    await waitUntil('it sleeps with one client', isAlone, SLOW)
  })
})
