// Serenas that do not exit: what they have answered, and that they have crashed, reaches the client at once.
import { expect, test } from 'vitest'
import { LOST, textOf } from '../helpers/crash-rounds.ts'
import { connectProgram } from '../helpers/hub.ts'
import { startHubStage } from '../helpers/hub-stage.ts'
import { isAlive, markProcess } from '../helpers/processes.ts'
import { sayHello, startRawClient } from '../helpers/raw-client.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'

const scope = scopePerTest()

test('a crash is reported although another process holds the output of Serena open', async () => {
  const stage = await startHubStage(scope)
  const a = await stage.open()
  const { result } = await a.call('read')
  expect(result?.['pid']).toBe(stage.serena.starts()[0])
  const startedAt = performance.now()
  expect(textOf(await a.call('write', { holdOutput: 20_000, kill: true }))).toContain(LOST)
  expect(performance.now() - startedAt).toBeLessThan(10_000)
  expect(textOf(await a.call('write', { text: 'next' }))).toBe('next')
})

test('a client that closes its input gets its answer and ends, although Serena continues to run', async () => {
  const stage = await startHubStage(scope, { script: { isStubborn: true } })
  const client = startRawClient(
    scope,
    [process.execPath, connectProgram, '--private', '--', ...stage.start.command],
    { cwd: stage.project, env: { ...stage.start.env, SERENA_DECK_STATE: stage.hub.stateFolder } },
  )
  sayHello(client)
  await client.answers([0])
  const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'write', arguments: {} } }
  client.child.stdin?.end(`${JSON.stringify(call)}\n`)
  expect(await client.ended).toBe(0)
  expect((await client.answers([1])).get(1)).toContain('"text":"done"')
  const serena = markProcess(stage.serena.starts()[0] ?? 0)
  expect(serena !== null && isAlive(serena)).toBe(true)
})

test('its answer is delivered before the hub has ended it', async () => {
  const stage = await startHubStage(scope, { script: { isStubborn: true } })
  const a = await stage.open()
  await a.call('read')
  const call = a.call('write', { text: 'last', gate: 'end' })
  await stage.serena.gets('last')
  const ending = stage.hub.control('restart', 's1')
  await stage.hub.until('its end', ({ serenas }) => serenas[0]?.state === 'asleep')
  stage.serena.open('end')
  expect(textOf(await call)).toBe('last')
  expect(isAlive(markProcess(stage.serena.starts()[0] ?? 0) ?? { pid: 0, start: '' })).toBe(true)
  expect(await ending).toEqual({ done: true, count: 1 })
})
