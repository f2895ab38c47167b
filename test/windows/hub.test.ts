// The hub on Windows: its named pipe, one Serena for all clients of a folder, and nothing that outlives it.
import { expect, test } from 'vitest'
import { runCli } from '../helpers/cli.ts'
import { startHubStage } from '../helpers/hub-stage.ts'
import { startConnectedClient, writeMcpSerena } from '../helpers/mcp-serena.ts'
import { isAlive, markProcess, markTree, signalProcess } from '../helpers/processes.ts'
import { makeTempFolder } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const scope = scopePerTest()
const stage = (): ReturnType<typeof startHubStage> => startHubStage(scope)

test('two clients share one Serena over the named pipe, whatever the case of the folder', async () => {
  const { hub, serena, project, start, open } = await stage()
  expect(hub.socketPath).toMatch(/^\\\\\.\\pipe\\serena-deck-/)
  const one = await open('one')
  const other = await hub.client({ ...start, cwd: project.toUpperCase().replaceAll('\\', '/'), name: 'two' })
  expect((await one.call('write', { text: 'größer' })).result?.content).toEqual([
    { type: 'text', text: 'größer' },
  ])
  expect((await other.call('write', { text: 'b' })).result?.content).toEqual([{ type: 'text', text: 'b' }])
  expect(serena.starts()).toHaveLength(1)
})

test('a killed hub leaves no Serena and nothing below it', async () => {
  const { hub, serena, open } = await stage()
  const client = await open()
  await client.call('write', { holdOutput: 60_000 })
  const marks = markTree(hub.mark.pid)
  expect(marks.map(({ pid }) => pid)).toContain(serena.starts()[0])
  expect(marks.length).toBeGreaterThan(2)
  signalProcess(hub.mark, 'SIGKILL')
  await waitUntil('all to exit', () => !marks.some(isAlive))
})

test('connect starts the hub, survives a killed client, and hub stop ends all', async () => {
  const project = await makeTempFolder(scope, 'Projekt mit Ä')
  const state = await makeTempFolder(scope, 'state')
  const home = await makeTempFolder(scope, 'home')
  const env = { ...process.env, SERENA_DECK_STATE: state, SERENA_HOME: home, SERENA_DECK_ONLY_HOMES: home }
  scope.add(() => runCli(['hub', 'stop', '--yes'], { env }).then(() => undefined))
  const command = await writeMcpSerena(scope, project)
  const first = await startConnectedClient(scope, command, { env, cwd: project })
  const second = await startConnectedClient(scope, command, { env, cwd: project.toLowerCase() })
  const pid = await first.call()
  expect(await second.call()).toBe(pid)
  signalProcess(first.program.mark, 'SIGKILL')
  expect(await second.call()).toBe(pid)
  const serena = markProcess(pid)
  const { code, stderr } = await runCli(['hub', 'stop', '--yes'], { env })
  expect([code, stderr]).toEqual([0, ''])
  await waitUntil('the Serena to exit', () => serena !== null && !isAlive(serena))
})
