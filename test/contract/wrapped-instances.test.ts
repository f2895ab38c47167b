// List and history of an instance under `wrap` and `uvx`: one identity while it runs, no rows after everything is killed.
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { HistoryRecord } from '#contract/history'
import { cliProgram, startBackend, type TestBackend } from '../helpers/backend.ts'
import { runCli } from '../helpers/cli.ts'
import { guardAll } from '../helpers/leaving-tree.ts'
import { isAlive, markTree, signalProcess } from '../helpers/processes.ts'
import { type RawClient, startRawClient } from '../helpers/raw-client.ts'
import { makeTempFolder } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const scope = scopePerTest()
/** A minimal program that is detected as a Serena, prints its pid and exits at the end of its input. */
const SERENA = `console.log(JSON.stringify({ id: 0, pid: process.pid }))
process.stdin.resume().on('end', () => process.exit(0))`
/** A launcher that starts the program in its arguments once the file beside it exists. */
const UVX = `const { existsSync } = require('fs')
const timer = setInterval(() => {
  if (!existsSync(__filename + '.go')) return
  clearInterval(timer)
  require('child_process')
    .spawn(process.execPath, process.argv.slice(2), { stdio: 'inherit' })
    .on('exit', (code) => process.exit(code ?? 1))
}, 20)`

interface Setup {
  home: string
  backend: TestBackend
  go: string
  start(words: readonly string[]): RawClient
  serena: readonly string[]
  uvx: string
}

async function setUp(): Promise<Setup> {
  const [home, programs] = [await makeTempFolder(scope, 'home'), await makeTempFolder(scope, 'programs')]
  const backend = await startBackend(scope, { homes: [home] })
  const [serena, uvx] = [join(programs, 'serena'), join(programs, 'uvx')]
  writeFileSync(serena, SERENA)
  writeFileSync(uvx, UVX)
  return {
    home,
    backend,
    uvx,
    go: `${uvx}.go`,
    serena: [serena, 'start-mcp-server'],
    start: (words) =>
      startRawClient(scope, [process.execPath, cliProgram, 'wrap', process.execPath, ...words], {
        cwd: home,
        env: { ...process.env, ...backend.env },
      }),
  }
}

const pidSaidBy = async (client: RawClient): Promise<number> => {
  const answers = await client.answers([0], 20_000)
  return (JSON.parse(answers.get(0) ?? '{}') as { pid: number }).pid
}
const isListed = async (backend: TestBackend, pid: number): Promise<boolean> =>
  (await backend.call('sweep')).instances.some((instance) => instance.pid === pid)
const entriesIn = (home: string): string[] => {
  const folder = join(home, 'instances.d')
  return existsSync(folder) ? readdirSync(folder).filter((name) => /^\d.*\.json$/.test(name)) : []
}

describe.skipIf(process.platform !== 'linux')('a wrapped instance', () => {
  test('has one identity in the history, from its launcher to its end', async () => {
    const { backend, uvx, go, serena, start } = await setUp()
    const client = start([uvx, ...serena])
    await waitUntil('the launcher', async () => (await backend.call('sweep')).instances.length === 1)
    writeFileSync(go, '')
    const pid = await pidSaidBy(client)
    guardAll(scope, markTree(client.mark.pid))
    await waitUntil('the instance', () => isListed(backend, pid))
    const recordsOf = async (target: number): Promise<HistoryRecord[]> => {
      const { code, stdout, stderr } = await runCli(['history', String(target), '--json'], backend)
      expect([code, stderr]).toEqual([0, ''])
      return (JSON.parse(stdout) as { records: HistoryRecord[] }).records
    }
    await waitUntil('its start', async () => (await backend.call('history')).records.length > 0)
    expect(await recordsOf(pid)).toMatchObject([{ event: 'started', pid }])
    expect(await recordsOf(client.mark.pid)).toMatchObject([{ event: 'started', pid }])
    client.child.stdin?.end()
    expect(await client.ended).toBe(0)
    await waitUntil('its end', async () => {
      await backend.call('sweep')
      return (await backend.call('history')).records.length > 1
    })
    const { records } = await backend.call('history')
    expect(records.map(({ event, pid: of }) => [event, of])).toEqual([
      ['started', pid],
      ['gone', pid],
    ])
    expect(new Set(records.map(({ id }) => id)).size).toBe(1)
  })

  test('leaves no row and no entry when it is killed together with wrap', async () => {
    const { backend, home, serena, start } = await setUp()
    const client = start(serena)
    const pid = await pidSaidBy(client)
    await waitUntil('its entry', () => entriesIn(home).length === 1)
    await waitUntil('the instance', () => isListed(backend, pid))
    const stream = backend.stream()
    const tree = markTree(client.mark.pid)
    guardAll(scope, tree)
    for (const mark of tree) signalProcess(mark, 'SIGKILL')
    await waitUntil('all to exit', () => !tree.some(isAlive))
    expect((await backend.call('sweep')).instances).toEqual([])
    await waitUntil('its entry to be removed', () => entriesIn(home).length === 0)
    const states = stream.events.flatMap((event) =>
      event.type === 'delta' ? event.changed.map(({ state }) => state) : [],
    )
    expect(states).not.toContain('dead')
    const { stdout } = await runCli(['kill', '--zombies', '--dry-run'], backend)
    expect(stdout).toBe('There are no zombies.\n')
  })

  test('keeps the entry of a manually registered process', async () => {
    const { backend, home, serena } = await setUp()
    const client = startRawClient(scope, [process.execPath, ...serena] as [string, ...string[]], {
      cwd: home,
      env: { ...process.env, SERENA_HOME: home },
    })
    const pid = await pidSaidBy(client)
    await backend.call('register', { body: { pid } })
    signalProcess(client.mark, 'SIGKILL')
    await client.ended
    expect((await backend.call('sweep')).instances).toMatchObject([{ pid, state: 'dead' }])
    expect(entriesIn(home)).toHaveLength(1)
  })
})
