// What clients see when their Serena crashes, cannot be started, sleeps, or is stopped: an answer to every call, none executed twice.
import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { crashDuringCalls, LOST, textOf } from '../helpers/crash-rounds.ts'
import type { HubClient } from '../helpers/hub-client.ts'
import { type HubStage, startHubStage } from '../helpers/hub-stage.ts'
import { isAlive, markProcess, markTree, type ProcessMark, signalProcess } from '../helpers/processes.ts'
import { makeTempFolder } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const scope = scopePerTest()

async function runningSerena({ hub, serena }: HubStage): Promise<ProcessMark> {
  await hub.until('a running Serena', ({ serenas }) => serenas[0]?.state === 'running')
  const mark = markProcess(serena.starts().at(-1) ?? 0)
  if (mark === null) throw new Error('its Serena has exited')
  return mark
}

/** Until the hub has the list of tools, every call counts as a change. It asks for the next list afterwards. */
const knowsTools = ({ serena }: HubStage): Promise<unknown> =>
  waitUntil('the hub to know the tools', () => serena.lines().some((line) => line.includes('"prompts/list"')))

describe('a crash', () => {
  test('while idle is not noticed: the next call is answered', async () => {
    const stage = await startHubStage(scope)
    const a = await stage.open()
    await a.call('write', { text: 'before' })
    signalProcess(await runningSerena(stage), 'SIGKILL')
    await stage.hub.until('the crash', ({ serenas }) => serenas[0]?.crashes === 1)
    expect(textOf(await a.call('write', { text: 'after' }))).toBe('after')
    expect(stage.serena.executed()).toEqual(['write before', 'write after'])
    expect(stage.serena.starts()).toHaveLength(2)
    expect(await stage.hub.serena()).toMatchObject({ state: 'running', crashes: 1, fault: null })
  })

  test('in a call: a change is reported as uncertain and never repeated, a query is repeated once', async () => {
    const stage = await startHubStage(scope)
    const [a, b] = await Promise.all([stage.open(), stage.open()])
    await knowsTools(stage)
    const reading = a.call('read', { text: 'query', gate: 'end' })
    await stage.serena.gets('query')
    const mark = await runningSerena(stage)
    const waiting = b.call('write', { text: 'waiting' })
    await b.ping()
    signalProcess(mark, 'SIGKILL')
    await waitUntil(
      'the query to be sent again',
      () => stage.serena.called().filter((one) => one === 'query').length === 2,
    )
    stage.serena.open('end')
    expect(textOf(await reading)).toBe('query')
    expect(textOf(await waiting)).toBe('waiting')
    const change = a.call('write', { text: 'change', gate: 'never' })
    await stage.serena.gets('change')
    signalProcess(await runningSerena(stage), 'SIGKILL')
    const answer = await change
    expect(textOf(answer)).toContain(LOST)
    expect(answer.result?.isError).toBe(true)
    expect(textOf(await a.call('write', { text: 'last' }))).toBe('last')
    expect(stage.serena.called()).toEqual(['query', 'waiting', 'query', 'change', 'last'])
  })

  test('caused by the call itself: a query is not repeated forever', async () => {
    const stage = await startHubStage(scope)
    const a = await stage.open()
    await knowsTools(stage)
    const { result } = await a.call('read', { text: 'deadly', kill: true })
    expect(result).toMatchObject({ isError: true })
    expect(stage.serena.called()).toEqual(['deadly', 'deadly'])
  })

  test('in the same moment as a call: every call is answered, each change is sent at most once', async () => {
    await crashDuringCalls(await startHubStage(scope), 10)
  })

  test('for the fourth time within a minute is reported to the clients, and as the state', async () => {
    const { hub, open, serena } = await startHubStage(scope)
    const [a, b] = await Promise.all([open(), open()])
    for (let i = 0; i < 4; i++)
      expect(textOf(await a.call('write', { kill: true, stderr: `reason ${i}\n` }))).toContain(LOST)
    await hub.until('the failure', ({ serenas }) => serenas[0]?.state === 'failed')
    expect(await hub.serena()).toMatchObject({ crashes: 4, pid: null })
    for (const client of [a, b]) {
      const answer = await client.call('write', { text: 'later' })
      expect(textOf(answer)).toBe('Serena was ended by SIGKILL. Its last output:\nreason 3')
      expect(answer.result?.isError).toBe(true)
    }
    expect((await hub.serena()).fault).toContain('SIGKILL')
    expect(serena.starts()).toHaveLength(4)
    expect(serena.called()).not.toContain('later')
    // The kept list, never an empty one.
    expect((await a.request('tools/list')).result?.['tools']).toHaveLength(2)
  })

  test('answers a call of a client that has moved on', async () => {
    const stage = await startHubStage(scope, { script: { tools: ['read', 'write', 'activate_project'] } })
    const a = await stage.open()
    await knowsTools(stage)
    const query = a.call('read', { text: 'query', gate: 'end' })
    await stage.serena.gets('query')
    const mark = await runningSerena(stage)
    await a.call('activate_project', { project: await makeTempFolder(scope, 'other') })
    signalProcess(mark, 'SIGKILL')
    stage.serena.open('end')
    expect(textOf(await query)).toBe('query')
  })
})

describe('a Serena that does not start', () => {
  test('answers every waiting client with the end of its stderr', async () => {
    const { open, serena } = await startHubStage(scope, { script: { startGate: 'start' } })
    const clients = await Promise.all(Array.from({ length: 5 }, () => open(null)))
    const answers = clients.map((client, at) =>
      client.request('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: {} }, at),
    )
    await waitUntil('its start', () => serena.starts().length === 1)
    serena.write({ exit: 3 })
    // It reads its script before the gate: the first start needs another.
    const pid = markProcess(serena.starts()[0] ?? 0)
    serena.write({ stderr: `${'x'.repeat(20_000)}\nTraceback\nValueError: größe\n`, exit: 3 })
    if (pid) signalProcess(pid, 'SIGKILL')
    await waitUntil('its second start', () => serena.starts().length === 2)
    for (const { error } of await Promise.all(answers)) {
      expect(error?.message).toMatch(/^Serena exited with code 3\. Its last output:\n/)
      expect(error?.message).toMatch(/Traceback\nValueError: größe$/)
      expect(error?.message.length).toBeLessThan(9_000)
    }
    // No ladder of starts: a call soon after gets the same error, without a start.
    const again = await clients[0]?.call('read')
    expect(again?.result?.isError ?? again?.error).toBeTruthy()
    expect(serena.starts()).toHaveLength(2)
  })

  test('says that it printed nothing', async () => {
    const { open } = await startHubStage(scope, { script: { exit: 1 } })
    const a = await open(null)
    const { error } = await a.request('initialize', { protocolVersion: '2025-06-18', capabilities: {} })
    expect(error?.message).toBe('Serena exited with code 1. It printed nothing to stderr.')
  })

  test.each([
    ['/no/such/serena', 'no such program'],
    ['/', 'permission denied'],
  ])('says why %s is not a program', async (program, why) => {
    const { hub, start } = await startHubStage(scope)
    const a = await hub.client({ ...start, command: [program, 'start-mcp-server'], name: null })
    const { error } = await a.request('initialize', { protocolVersion: '2025-06-18', capabilities: {} })
    expect(error?.message).toContain(why)
  })
})

describe('a list of tools', () => {
  test('is the kept one while Serena starts, and answered before it has started', async () => {
    const { open, serena, hub } = await startHubStage(scope)
    const first = await open()
    await first.call('read')
    await hub.until('the copies', () => serena.lines().some((line) => line.includes('resources/templates')))
    serena.write({ startGate: 'start' })
    await hub.control('restart', null)
    await hub.until('the start', ({ serenas }) => serenas[0]?.state === 'starting')
    const second = await open()
    for (const client of [first, second])
      expect((await client.request('tools/list')).result?.['tools']).toHaveLength(2)
    const call = second.call('read', { text: 'call' })
    await second.ping()
    serena.open('start')
    expect(textOf(await call)).toBe('call')
  })

  test('waits for the first start of an unknown Serena', async () => {
    const { open, serena } = await startHubStage(scope, { script: { startGate: 'start' } })
    const a = await open(null)
    const initialize = a.request('initialize', { protocolVersion: '2025-06-18', capabilities: {} })
    const list = a.request('tools/list')
    await a.ping()
    serena.open('start')
    expect((await initialize).result?.['serverInfo']).toEqual({ name: 'Serena', version: '2.1.0' })
    expect((await list).result?.['tools']).toHaveLength(2)
  })

  test('no call is sent before Serena is ready, also when another one is canceled', async () => {
    const { open, serena, hub } = await startHubStage(scope)
    const a = await open()
    await a.call('read')
    serena.write({ startGate: 'start' })
    await hub.control('restart', null)
    await hub.until('the start', ({ serenas }) => serenas[0]?.state === 'starting')
    const kept = a.call('write', { text: 'kept' }, 1)
    a.send({ id: 2, method: 'tools/call', params: { name: 'write', arguments: { text: 'canceled' } } })
    a.cancel(2)
    await a.ping()
    serena.open('start')
    expect(textOf(await kept)).toBe('kept')
    expect(serena.executed()).toEqual(['read ', 'write kept'])
    const methods = serena.lines().map((line) => (JSON.parse(line) as { method?: string }).method)
    expect(methods.indexOf('tools/call', methods.lastIndexOf('initialize'))).toBeGreaterThan(
      methods.lastIndexOf('notifications/initialized'),
    )
  })
})

describe('sleep', () => {
  const isAsleep = (hub: HubStage['hub']) =>
    hub.until('its sleep', ({ serenas }) => serenas[0]?.state === 'asleep' && serenas[0].pid === null)

  test('ends the tree after the idle time; the next call wakes it on the same connection', async () => {
    const stage = await startHubStage(scope, { flags: { idleShutdownMinutes: 0.02 } })
    const [a, b] = await Promise.all([stage.open(), stage.open()])
    expect(textOf(await a.call('write', { text: 'before' }))).toBe('before')
    const tree = markTree((await runningSerena(stage)).pid)
    await isAsleep(stage.hub)
    expect(tree.filter(isAlive)).toEqual([])
    expect(textOf(await b.call('write', { text: 'after' }))).toBe('after')
    expect(a.notes()).toEqual([])
    await isAsleep(stage.hub)
    expect((await a.request('tools/list')).result?.['tools']).toHaveLength(2)
    expect(stage.serena.starts()).toHaveLength(2)
  })

  test('never begins while a call runs', async () => {
    const { open, serena, hub } = await startHubStage(scope, { flags: { idleShutdownMinutes: 0.01 } })
    const a = await open()
    const call = a.call('read', { gate: 'end', text: 'long' })
    await serena.gets('long')
    // Some ticks of the hub.
    const startedAt = performance.now()
    await waitUntil('two seconds', () => performance.now() - startedAt > 2_000)
    expect(await hub.serena()).toMatchObject({ state: 'running' })
    serena.open('end')
    expect(textOf(await call)).toBe('long')
    expect(serena.starts()).toHaveLength(1)
  })

  test('never begins by itself for the REPL interface', async () => {
    const { open, hub } = await startHubStage(scope, { script: { tools: ['serena_repl'] } })
    const a = await open()
    await a.call('serena_repl')
    expect((await hub.serena()).idleShutdownMinutes).toBeNull()
  })

  test('replays switched modes after it wakes', async () => {
    const stage = await startHubStage(scope, {
      script: { tools: ['read', 'switch_modes'] },
      flags: { idleShutdownMinutes: 0.02 },
    })
    const a = await stage.open()
    await a.call('switch_modes', { modes: ['planning'], text: 'modes' })
    await stage.hub.until('both to sleep', ({ serenas }) => serenas.every(({ pid }) => pid === null))
    const before = stage.serena.called().filter((one) => one === 'modes').length
    await a.call('read', { text: 'awake' })
    expect(stage.serena.called().filter((one) => one === 'modes')).toHaveLength(before + 1)
    expect(stage.serena.called().at(-1)).toBe('awake')
  })
})

test('a Serena without clients ends, and its tree with it', async () => {
  const stage = await startHubStage(scope, { serenaSeconds: 0.5 })
  const a: HubClient = await stage.open()
  await a.call('read')
  const mark = await runningSerena(stage)
  a.close()
  await stage.hub.until('no Serena', ({ serenas }) => serenas.length === 0)
  expect(isAlive(mark)).toBe(false)
  expect(existsSync(stage.hub.socketPath)).toBe(true)
})
