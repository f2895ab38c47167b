// Ends real instances over HTTP and from the command line, gracefully and by force, and never signals other processes.
import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { endingPlanSchema, receiptSchema } from '#contract/ending'
import type { Instance } from '#contract/instance'
import { startBackend, type TestBackend } from '../helpers/backend.ts'
import { runCli } from '../helpers/cli.ts'
import { whyNoIsolation } from '../helpers/other-side.ts'
import { reusePids } from '../helpers/pid-reuse.ts'
import { isAlive, markProcess, type ProcessMark, signalProcess } from '../helpers/processes.ts'
import type { Scope } from '../helpers/scope.ts'
import { startTestStandIn } from '../helpers/stand-in.ts'
import { makeTempFolder } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'

const scope = scopePerTest()

/** A backend that sees one home only. */
async function startDeck(): Promise<{ home: string; backend: TestBackend }> {
  const home = await makeTempFolder(scope, 'home')
  return { home, backend: await startBackend(scope, { homes: [home] }) }
}

/** Returns the instance with that pid from a new scan. */
async function instanceOf(backend: TestBackend, pid: number): Promise<Instance> {
  const { instances } = await backend.call('sweep')
  const found = instances.find((one) => one.pid === pid)
  if (!found) throw new Error(`no instance of process ${pid}`)
  return found
}

function markOf(pid: number): ProcessMark {
  const mark = markProcess(pid)
  if (!mark) throw new Error(`no process ${pid}`)
  return mark
}

/** A plain process of the test that is not a Serena. */
function startSleep(of: Scope): ProcessMark {
  const child = spawn('sleep', ['300'], { stdio: 'ignore' })
  const mark = markOf(child.pid ?? 0)
  of.add(() => void signalProcess(mark, 'SIGKILL'))
  return mark
}

describe('over HTTP', () => {
  test('ends a named live instance with a graceful shutdown, and reports the progress', async () => {
    const { home, backend } = await startDeck()
    const standIn = await startTestStandIn(scope, { serenaHome: home })
    const other = await startTestStandIn(scope, { serenaHome: home })
    const { id, title } = await instanceOf(backend, standIn.pid)
    const stream = backend.stream()
    await stream.until(({ type }) => type === 'snapshot')
    const { plan } = await backend.call('planEnding', { body: { ids: [id] } })
    expect(plan).toMatchObject([{ id, title, how: 'shutdown', processes: 1, checked: false, refusal: null }])
    expect(await backend.call('planEnding', { body: { ids: null } })).toEqual({ schema: 1, plan: [] })

    const left = await backend.call('end', { body: { ids: [id] } })
    expect(left).toMatchObject({ ended: [], refused: [{ id, why: 'It is now idle, so it is not ended.' }] })
    const receipt = await backend.call('end', { body: { ids: [id], scope: 'named' } })
    expect(receipt).toMatchObject({
      ended: [{ id, title, how: 'shutdown', processes: 1 }],
      refused: [],
      survivors: [],
    })
    expect(receipt.ended[0]?.freedBytes).toBeGreaterThan(10e6)
    const steps = stream.events.flatMap((event) => (event.type === 'ending' ? [event.step] : []))
    expect(steps).toEqual(['refused', 'asked', 'ended'])
    expect(isAlive(markOf(other.pid))).toBe(true)
    const { instances } = await backend.call('instances')
    expect(instances.map(({ pid }) => pid)).toEqual([other.pid])
  })

  test('ends several named instances when one of them is refused', async () => {
    const { home, backend } = await startDeck()
    const entry = { pid: 4_194_000, port: 24_299, started_at: new Date(0).toISOString() }
    await writeFile(join(home, 'instances.json'), JSON.stringify({ x: entry }))
    const [one, two, other] = await Promise.all(
      [1, 2, 3].map(() => startTestStandIn(scope, { serenaHome: home })),
    )
    const marks = [one, two, other].map((standIn) => markOf(standIn?.pid ?? 0))
    const ids = await Promise.all(
      [one?.pid, two?.pid, entry.pid].map(async (pid) => (await instanceOf(backend, pid ?? 0)).id),
    )
    const { plan } = await backend.call('planEnding', { body: { ids } })
    expect(plan.map(({ refusal }) => refusal === null)).toEqual([true, true, false])
    const receipt = await backend.call('end', { body: { ids, scope: 'named' } })
    expect(receipt.ended.map(({ id }) => id).sort()).toEqual(ids.slice(0, 2).sort())
    expect(receipt.refused.map(({ id }) => id)).toEqual(ids.slice(2))
    expect(marks.map(isAlive)).toEqual([false, false, true])
  })

  test('refuses unknown ids, and sends no signal', async () => {
    const { backend } = await startDeck()
    const innocent = startSleep(scope)
    const bodies: unknown[] = [
      '',
      true,
      [innocent.pid],
      '1e1',
      0,
      -1,
      1,
      backend.pid,
      process.pid,
      1.5,
      2 ** 32 + innocent.pid,
      null,
    ]
    for (const id of bodies) {
      for (const body of [id, { ids: id }, { ids: [id] }, { id }]) {
        const response = await backend.fetch('/api/ending', {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify(body),
        })
        expect([response.status, JSON.stringify(body)]).toEqual([400, JSON.stringify(body)])
      }
    }
    expect(isAlive(innocent)).toBe(true)
    expect(isAlive(backend.program.mark)).toBe(true)
  })

  test('never signals a process that is not an instance, or for an id of an earlier start', async () => {
    const { home, backend } = await startDeck()
    const innocent = startSleep(scope)
    const standIn = await startTestStandIn(scope, { serenaHome: home })
    await instanceOf(backend, standIn.pid)
    const statusOf = async (id: string): Promise<number> => {
      const response = await backend.fetch('/api/ending', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ ids: [id], scope: 'named' }),
      })
      return response.status
    }
    expect(await statusOf(`${innocent.pid}-000000000000`)).toBe(404)
    expect(await statusOf(`${standIn.pid}-000000000000`)).toBe(409)
    expect(await statusOf('1-000000000000')).toBe(404)
    expect([isAlive(innocent), isAlive(markOf(standIn.pid))]).toEqual([true, true])
  })
})

describe('from the command line', () => {
  test('ends nothing without a terminal and --yes', async () => {
    const { home, backend } = await startDeck()
    const standIn = await startTestStandIn(scope, { serenaHome: home })
    for (const args of [
      ['kill', String(standIn.pid)],
      ['stop', String(standIn.pid)],
      ['kill', '--zombies'],
    ]) {
      const { code, stderr } = await runCli(args, { env: backend.env })
      expect([code, stderr]).toEqual([
        2,
        `Not a terminal: pass --yes. See \`serena-deck ${args[0]} --help\`.\n`,
      ])
    }
    expect(isAlive(markOf(standIn.pid))).toBe(true)
  })

  test.each(['with', 'without'])('%s a backend: kill, stop and no zombies', async (backendIs) => {
    const { home, backend } = await startDeck()
    const env =
      backendIs === 'with'
        ? backend.env
        : { ...backend.env, SERENA_DECK_STATE: await makeTempFolder(scope, 'state') }
    const first = await startTestStandIn(scope, { serenaHome: home })
    const second = await startTestStandIn(scope, { serenaHome: home })
    const marks = [first, second].map(({ pid }) => markOf(pid))
    const none = await runCli(['kill', '--zombies', '--yes', '--json'], { env })
    expect(none.code).toBe(3)
    expect(JSON.parse(none.stdout)).toEqual({ schema: 1, ended: [], refused: [], survivors: [] })
    const dry = await runCli(['kill', `pid:${first.pid}`, '--dry-run', '--json'], { env })
    expect(endingPlanSchema.parse(JSON.parse(dry.stdout)).plan).toMatchObject([{ how: 'shutdown' }])
    expect(marks.map(isAlive)).toEqual([true, true])
    const killed = await runCli(['kill', `pid:${first.pid}`, '--yes', '--json'], { env })
    expect(killed.code).toBe(0)
    expect(receiptSchema.parse(JSON.parse(killed.stdout)).ended).toMatchObject([{ how: 'shutdown' }])
    expect(marks.map(isAlive)).toEqual([false, true])
    const stopped = await runCli(['stop', `port:${second.port()}`, '--yes'], { env })
    expect(stopped.stdout).toContain(': ended (graceful shutdown)')
    expect(stopped.code).toBe(0)
    expect(marks.map(isAlive)).toEqual([false, false])
  })
})

test.skipIf(whyNoIsolation() !== null)('never signals a reused pid', async () => {
  const { reused, signaled } = await reusePids(200)
  expect(reused).toBeGreaterThan(150)
  expect(signaled).toBe(0)
})
