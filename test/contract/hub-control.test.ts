// Actions of a user: stop, restart, detach and retire; and the end of the hub itself.
import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { LOST, textOf } from '../helpers/crash-rounds.ts'
import { startTestHub } from '../helpers/hub.ts'
import { type HubStage, startHubStage } from '../helpers/hub-stage.ts'
import { isAlive, markTree, type ProcessMark, signalProcess } from '../helpers/processes.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const scope = scopePerTest()

async function treeOf({ hub, serena }: HubStage): Promise<ProcessMark[]> {
  await hub.until('a running Serena', ({ serenas }) => serenas[0]?.state === 'running')
  return markTree(serena.starts().at(-1) ?? 0)
}

describe.each(['stop', 'restart'] as const)('%s of one Serena', (action) => {
  test('answers the change that runs as uncertain, and serves all others', async () => {
    const stage = await startHubStage(scope)
    const [a, b] = await Promise.all([stage.open(), stage.open()])
    const change = a.call('write', { text: 'change', gate: 'never' })
    await stage.serena.gets('change')
    const waiting = b.call('write', { text: 'waiting' })
    await b.ping()
    const tree = await treeOf(stage)
    const { id } = await stage.hub.serena()
    expect(await stage.hub.control(action, id)).toEqual({ done: true, count: 1 })
    expect(tree.filter(isAlive)).toEqual([])
    expect(textOf(await change)).toContain(LOST)
    expect(textOf(await waiting)).toBe('waiting')
    expect(textOf(await a.call('write', { text: 'next' }))).toBe('next')
    expect(stage.serena.called()).toEqual(['change', 'waiting', 'next'])
    expect(stage.serena.starts()).toHaveLength(2)
    expect(await stage.hub.serena()).toMatchObject({ state: 'running', crashes: 0 })
  })

  test('while it starts leaves no process behind', async () => {
    const { hub, serena, open } = await startHubStage(scope, { script: { startGate: 'start' } })
    const a = await open(null)
    const initialize = a.request('initialize', { protocolVersion: '2025-06-18', capabilities: {} })
    await hub.until('the start', ({ serenas }) => serenas[0]?.state === 'starting')
    // At every moment of the start: its process may not be there yet.
    for (let i = 0; i < 2; i++) await hub.control(action, 's1')
    serena.open('start')
    expect((await initialize).result).toBeDefined()
    expect(textOf(await a.call('write', { text: 'one' }))).toBe('one')
    const { pid } = await hub.serena()
    const alive = serena.starts().filter((one) => markTree(one).length > 0 && existsSync(`/proc/${one}/stat`))
    expect(alive).toEqual([pid])
  })
})

test('stop leaves it asleep, restart starts it again', async () => {
  const stage = await startHubStage(scope)
  const a = await stage.open()
  await a.call('read')
  await treeOf(stage)
  await stage.hub.control('stop', 's1')
  expect(await stage.hub.serena()).toMatchObject({ state: 'asleep', pid: null })
  await a.call('read')
  await stage.hub.control('restart', 's1')
  await stage.hub.until('it to run', ({ serenas }) => serenas[0]?.state === 'running')
  expect(stage.serena.starts()).toHaveLength(3)
})

test('an unknown target is refused by name', async () => {
  const { hub } = await startHubStage(scope)
  for (const action of ['stop', 'restart'] as const)
    expect(await hub.control(action, 's9')).toEqual({ done: false, why: 'The hub has no Serena s9.' })
  expect(await hub.control('detach', 'c9')).toEqual({ done: false, why: 'The hub has no client c9.' })
})

test('detach ends one client and what it waits for; the others stay', async () => {
  const { hub, serena, open } = await startHubStage(scope)
  const [a, b] = await Promise.all([open('a'), open('b')])
  const change = a.call('write', { text: 'change', gate: 'end' })
  await serena.gets('change')
  const dropped = b.call('write', { text: 'dropped' }).catch(() => 'closed')
  await b.ping()
  const { clients } = await hub.serena()
  expect(clients.map(({ waiting, running }) => [waiting, running])).toEqual([
    [0, 1],
    [1, 0],
  ])
  const id = clients.find(({ name }) => name === 'b')?.id ?? ''
  expect(await hub.control('detach', id)).toEqual({ done: true, count: 1 })
  await b.closed
  expect(b.notes()).toEqual(['{"note":"exit"}'])
  expect(await dropped).toBe('closed')
  serena.open('end')
  expect(textOf(await change)).toBe('change')
  await a.call('write', { text: 'last' })
  expect(serena.called()).toEqual(['change', 'last'])
})

describe('the end of the hub', () => {
  test('by retire waits for the running call, then clients look for another one', async () => {
    const stage = await startHubStage(scope)
    const [a, b] = await Promise.all([stage.open(), stage.open()])
    const call = a.call('write', { text: 'call', gate: 'end' })
    await stage.serena.gets('call')
    const tree = await treeOf(stage)
    expect(await stage.hub.control('retire', null)).toEqual({ done: true, count: 2 })
    expect((await b.ping()).result).toEqual({})
    expect(b.notes()).toEqual([])
    stage.serena.open('end')
    expect(textOf(await call)).toBe('call')
    expect(await stage.hub.ended).toBe(0)
    await Promise.all([a.closed, b.closed])
    expect([...a.notes(), ...b.notes()]).toEqual(['{"note":"reconnect"}', '{"note":"reconnect"}'])
    expect(tree.filter(isAlive)).toEqual([])
    expect(existsSync(stage.hub.socketPath)).toBe(false)
  })

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'stop'] as const)(
    'by %s ends every Serena and starts none',
    async (how) => {
      const stage = await startHubStage(scope)
      const [a, b] = await Promise.all([stage.open(), stage.open()])
      void a.call('write', { text: 'call', gate: 'never' }).catch(() => undefined)
      await stage.serena.gets('call')
      void b.call('write', { text: 'waiting' }).catch(() => undefined)
      await b.ping()
      const tree = await treeOf(stage)
      if (how === 'stop') await stage.hub.control('stop', null)
      else signalProcess(stage.hub.mark, how)
      expect(await stage.hub.ended).toBe(0)
      await Promise.all([a.closed, b.closed])
      expect(a.notes()).toEqual(['{"note":"wait"}'])
      expect(tree.filter(isAlive)).toEqual([])
      expect(stage.serena.starts()).toHaveLength(1)
      expect(stage.hub.log()).toBe('')
    },
  )

  test('by SIGKILL ends every Serena, and another hub takes its place', async () => {
    const stage = await startHubStage(scope)
    await (await stage.open()).call('read')
    const tree = await treeOf(stage)
    signalProcess(stage.hub.mark, 'SIGKILL')
    await waitUntil('the Serena to exit', () => !tree.some(isAlive))
    const next = await startTestHub(scope, { stateFolder: stage.hub.stateFolder })
    const b = await next.client(stage.start)
    expect(textOf(await b.call('read', { text: 'again' }))).toBe('again')
  })

  test('comes some time after its last client', async () => {
    const { hub, open } = await startHubStage(scope, { hubSeconds: 1 })
    const a = await open()
    await a.call('read')
    const connectedAt = performance.now()
    await waitUntil('more than that time', () => performance.now() - connectedAt > 1_500)
    expect((await a.ping()).result).toEqual({})
    a.close()
    expect(await hub.ended).toBe(0)
    expect(existsSync(hub.socketPath)).toBe(false)
  })
})
