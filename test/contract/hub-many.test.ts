// Many clients at once.
import { expect, test } from 'vitest'
import { textOf } from '../helpers/crash-rounds.ts'
import { callInterleaved, openTogether } from '../helpers/hub-crowds.ts'
import { startHubStage } from '../helpers/hub-stage.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'

const scope = scopePerTest()

test('20 clients at the same moment start one Serena', async () => {
  await openTogether(await startHubStage(scope), 3)
})

test('4 clients with equal ids get only their own answers in 1,000 interleaved calls', async () => {
  const { open, serena } = await startHubStage(scope)
  const clients = await Promise.all([open(), open(), open(), open()])
  expect(await callInterleaved(clients, 1_000)).toBe(0)
  expect(serena.called()).toHaveLength(1_000)
  expect(new Set(serena.called()).size).toBe(1_000)
  for (const client of clients) expect(client.lines()).toHaveLength(251)
})

test('a client with many waiting calls does not delay another one', async () => {
  const { open, serena } = await startHubStage(scope)
  const [a, b] = await Promise.all([open(), open()])
  const first = a.call('write', { gate: 'first', text: 'first' })
  await serena.gets('first')
  const others = Array.from({ length: 200 }, (_, i) => a.call('write', { text: `a${i}` }))
  await a.ping()
  const turn = b.call('write', { text: 'b' })
  await b.ping()
  serena.open('first')
  expect(textOf(await turn)).toBe('b')
  await Promise.all([first, ...others])
  // Clients take turns.
  expect(serena.executed().indexOf('write b')).toBeLessThan(4)
})

test('before 2.0 one call is sent at a time, and 8 queries from then on', async () => {
  for (const [version, most] of [
    ['1.7.0', 1],
    ['2.1.0', 8],
  ] as const) {
    const { open, serena } = await startHubStage(scope, { script: { version } })
    const a = await open()
    const calls = Array.from({ length: 12 }, (_, i) => a.call('read', { text: `${i}`, gate: 'end' }))
    await serena.gets(String(most - 1))
    expect((await a.request('prompts/list')).result).toBeDefined()
    expect(serena.called()).toHaveLength(most)
    serena.open('end')
    await Promise.all(calls)
  }
})

test.each([
  ['half of an emoji', '"params":{"name":"write","arguments":{"text":"\\ud83d"}}'],
  ['parameters in a list', '"params":["write"]'],
  ['an error', '"params":{"name":"write"},"error":{"code":1,"message":"x"}'],
])('a call that Serena would drop delays no other one: %s', async (_, more) => {
  const { open, serena } = await startHubStage(scope)
  const [a, b] = await Promise.all([open(), open()])
  a.sendLine(`{"jsonrpc":"2.0","id":1,"method":"tools/call",${more}}`)
  await a.ping()
  expect(textOf(await b.call('write', { text: 'b' }))).toBe('b')
  expect(serena.called()).toEqual(['b'])
})
