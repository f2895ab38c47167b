// The history of real endings: written by the backend and by a command without a backend, read with and without one, also after restarts.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type History, historyRecordSchema, historySchema } from '#contract/history'
import { startBackend, type TestBackend } from '../helpers/backend.ts'
import { runCli } from '../helpers/cli.ts'
import { markProcess, signalProcess } from '../helpers/processes.ts'
import { startTestStandIn } from '../helpers/stand-in.ts'
import { makeTempFolder } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const scope = scopePerTest()

/** `EVENT PID BY` of each record. */
const linesOf = ({ records }: History): string[] =>
  records.map(({ event, pid, by }) => [event, pid, by].filter((part) => part !== null).join(' '))

const read = async (backend: TestBackend, about?: string): Promise<History> =>
  backend.call('history', { query: about === undefined ? {} : { about } })

const until = (backend: TestBackend, event: string): Promise<unknown> =>
  waitUntil(event, async () => linesOf(await read(backend)).includes(event))

test('records starts, endings and exits, and keeps them across restarts', async () => {
  const home = await makeTempFolder(scope, 'home')
  const stateFolder = await makeTempFolder(scope, 'state')
  const first = await startTestStandIn(scope, {
    serenaHome: home,
    options: { project: { name: 'shop', path: home } },
  })
  const backend = await startBackend(scope, { homes: [home], stateFolder })
  await until(backend, `started ${first.pid}`)
  const second = await startTestStandIn(scope, { serenaHome: home })
  const third = await startTestStandIn(scope, { serenaHome: home })
  await backend.call('sweep')
  await until(backend, `started ${third.pid}`)

  const { instances } = await backend.call('sweep')
  const idOf = (pid: number): string => instances.find((one) => one.pid === pid)?.id ?? ''
  await backend.call('end', { body: { ids: [idOf(first.pid)], scope: 'named' } })
  const killed = await runCli(['kill', `pid:${second.pid}`, '--yes'], { env: backend.env })
  expect(killed.code).toBe(0)
  const mark = markProcess(third.pid)
  if (mark) signalProcess(mark, 'SIGKILL')
  await backend.call('sweep')
  await until(backend, `gone ${third.pid}`)
  const wanted = [`ended ${first.pid} page`, `ended ${second.pid} command-line`, `gone ${third.pid}`]
  expect(linesOf(await read(backend)).slice(-3)).toEqual(wanted)

  const mine = await read(backend, idOf(first.pid))
  const last = mine.records.at(-1)
  expect(last).toMatchObject({ event: 'ended', how: 'shutdown', processes: 1, state: 'live' })
  expect(last?.why[0]).toMatch(/^Answers on port/)
  expect(last?.launch).toContain(`SERENA_HOME=${home}`)
  expect(last?.launch).toContain('start-mcp-server')
  expect(mine.records.every(({ pid }) => pid === first.pid)).toBe(true)

  await backend.stop()
  // Without a backend the file is read.
  const { code, stdout } = await runCli(['history', '--json'], { env: backend.env })
  expect([code, linesOf(historySchema.parse(JSON.parse(stdout))).slice(-3)]).toEqual([0, wanted])
  const lines = await runCli(['history', `${second.pid}`, '--json-lines', '-n', '1'], { env: backend.env })
  expect(historyRecordSchema.parse(JSON.parse(lines.stdout))).toMatchObject({
    event: 'ended',
    pid: second.pid,
  })
  const words = await runCli(['history', 'shop', '-n', '1'], { env: backend.env })
  expect(words.stdout).toMatch(
    /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}\d+ - shop: ended on the page · Graceful shutdown, 1 process, \d+ MB freed\. · Answers on port/,
  )
  expect((await runCli(['history', 'no-such'], { env: backend.env })).code).toBe(3)

  const again = await startBackend(scope, { homes: [home], stateFolder })
  await again.call('sweep')
  expect(linesOf(await read(again)).slice(-3)).toEqual(wanted)
})

test('records exits that happened while no backend ran', async () => {
  const home = await makeTempFolder(scope, 'home')
  const stateFolder = await makeTempFolder(scope, 'state')
  const stays = await startTestStandIn(scope, { serenaHome: home })
  const goes = await startTestStandIn(scope, { serenaHome: home })
  const backend = await startBackend(scope, { homes: [home], stateFolder })
  await until(backend, `started ${stays.pid}`)
  await until(backend, `started ${goes.pid}`)
  await backend.stop()
  const mark = markProcess(goes.pid)
  if (mark) signalProcess(mark, 'SIGKILL')
  // Ended by a command without a backend: the command itself writes the record.
  const other = await startTestStandIn(scope, { serenaHome: home })
  expect((await runCli(['kill', `pid:${other.pid}`, '--yes'], { env: backend.env })).code).toBe(0)
  const again = await startBackend(scope, { homes: [home], stateFolder })
  await until(again, `gone ${goes.pid}`)
  const { records } = await read(again)
  expect(linesOf({ schema: 1, records, hasMore: false })).toContain(`ended ${other.pid} command-line`)
  expect(records.at(-1)?.why).toEqual(['It exited while Serena Deck was not running.'])
  expect(records.filter(({ pid }) => pid === stays.pid).map(({ event }) => event)).toEqual(['started'])
  const text = readFileSync(join(stateFolder, 'history.jsonl'), 'utf8')
  expect(text.endsWith('\n')).toBe(true)
})

describe('the route', () => {
  test('refuses an invalid count', async () => {
    const backend = await startBackend(scope)
    for (const query of ['limit=0', 'limit=-1', 'limit=1e9', 'limit=many', 'about=x&about=y', 'other=1']) {
      const response = await backend.fetch(`/api/history?${query}`)
      expect([query, response.status]).toEqual([query, 400])
    }
    expect((await backend.fetch('/api/history?limit=3')).status).toBe(200)
    expect(await read(backend)).toEqual({ schema: 1, records: [], hasMore: false })
    const empty = await runCli(['history'], { env: backend.env })
    expect([empty.code, empty.stdout]).toEqual([0, 'The history is empty.\n'])
  })
})
