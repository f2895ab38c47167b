// What happens to an ending when something else happens midway: whoever asked goes, two ask at once, we are told to end or are killed.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cliProgram, startBackend, type TestBackend } from '../helpers/backend.ts'
import { runCli } from '../helpers/cli.ts'
import { isAlive, markProcess, type ProcessMark, signalProcess } from '../helpers/processes.ts'
import { startTestStandIn } from '../helpers/stand-in.ts'
import { makeTempFolder, projectRoot } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const scope = scopePerTest()

/** One that hears no SIGTERM: its ending takes 3 s before any force, long enough for what happens midway. */
async function startStubborn(serenaHome: string): Promise<ProcessMark> {
  const stubborn = join(projectRoot, 'test/fixtures/programs/stubborn.cjs')
  const { pid } = await startTestStandIn(scope, {
    serenaHome,
    options: { dashboard: 'never' },
    env: { NODE_OPTIONS: `--require ${stubborn}`, SERENA_DECK_TEST_STUBBORN: 'term' },
  })
  const mark = markProcess(pid)
  if (!mark) throw new Error('no stand-in')
  scope.add(() => void signalProcess(mark, 'SIGKILL'))
  return mark
}

interface Scene {
  home: string
  backend: TestBackend
  mark: ProcessMark
  id: string
}

async function startScene(): Promise<Scene> {
  const home = await makeTempFolder(scope, 'home')
  const backend = await startBackend(scope, { homes: [home] })
  const mark = await startStubborn(home)
  const { instances } = await backend.call('sweep')
  const id = instances.find(({ pid }) => pid === mark.pid)?.id ?? 'none'
  return { home, backend, mark, id }
}

/** Asks for the end and does not wait for it; resolves when its SIGTERM is sent. */
async function beginEnding({ backend, id }: Scene, signal?: AbortSignal): Promise<void> {
  const stream = backend.stream()
  await stream.until(({ type }) => type === 'snapshot')
  backend
    .fetch('/api/ending', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ ids: [id], scope: 'named' }),
      ...(signal && { signal }),
    })
    // It is broken off.
    .catch(() => undefined)
  await stream.until((event) => event.type === 'ending' && event.step === 'terminated')
}

const untilGone = (mark: ProcessMark): Promise<unknown> =>
  waitUntil('its end', () => !isAlive(mark), { timeoutMs: 20_000 })

const endedOf = async (backend: TestBackend, id: string): Promise<unknown[]> =>
  (await backend.call('history')).records.filter((record) => record.event === 'ended' && record.id === id)

test('whoever asked hangs up: it is ended all the same, and written down', async () => {
  const scene = await startScene()
  const asker = new AbortController()
  await beginEnding(scene, asker.signal)
  asker.abort()
  expect(isAlive(scene.mark)).toBe(true)
  await untilGone(scene.mark)
  await waitUntil('the record', async () => (await endedOf(scene.backend, scene.id)).length === 1)
})

test('two pages and a command line of its own ask at once: it ends once, and nobody claims what he did not do', async () => {
  const scene = await startScene()
  const { backend, id, mark } = scene
  const env = { ...backend.env, SERENA_DECK_STATE: await makeTempFolder(scope, 'state') }
  const [first, second, alone] = await Promise.all([
    backend.call('end', { body: { ids: [id], scope: 'named' } }),
    backend.call('end', { body: { ids: [id], scope: 'named' } }),
    runCli(['kill', `pid:${mark.pid}`, '--yes', '--json'], { env }),
  ])
  const both = [first, second]
  expect(both.flatMap(({ ended }) => ended)).toHaveLength(1)
  expect(both.flatMap(({ refused }) => refused)).toMatchObject([{ id, why: 'It is being ended already.' }])
  expect(isAlive(mark)).toBe(false)
  expect([0, 1]).toContain(alone.code)
  expect(await endedOf(backend, id)).toHaveLength(1)
})

test('the backend is told to end: what it began is finished and written down first', async () => {
  const scene = await startScene()
  await beginEnding(scene)
  expect(isAlive(scene.mark)).toBe(true)
  expect(await scene.backend.stop()).toBe(0)
  expect(isAlive(scene.mark)).toBe(false)
  const next = await startBackend(scope, { homes: [scene.home], stateFolder: scene.backend.stateFolder })
  expect(await endedOf(next, scene.id)).toHaveLength(1)
})

test('the backend is killed: nobody is left stopped, and the next one ends it', async () => {
  const scene = await startScene()
  await beginEnding(scene)
  signalProcess(scene.backend.program.mark, 'SIGKILL')
  await scene.backend.program.close()
  expect(isAlive(scene.mark)).toBe(true)
  expect(readFileSync(`/proc/${scene.mark.pid}/stat`, 'latin1')).not.toMatch(/\) [Tt] /)
  const next = await startBackend(scope, { homes: [scene.home], stateFolder: scene.backend.stateFolder })
  await next.call('sweep')
  const receipt = await next.call('end', { body: { ids: [scene.id], scope: 'named' } })
  expect(receipt).toMatchObject({ ended: [{ how: 'force' }], survivors: [] })
})

test('Ctrl+C at a command line that ends something by itself: it is finished first', async () => {
  const home = await makeTempFolder(scope, 'home')
  const mark = await startStubborn(home)
  const env = {
    ...process.env,
    SERENA_DECK_ONLY_HOMES: home,
    SERENA_DECK_STATE: await makeTempFolder(scope, 'state'),
  }
  const child = spawn(process.execPath, [cliProgram, 'kill', `pid:${mark.pid}`, '--yes'], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)))
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  // The plan is printed; what follows at once is the ending.
  await new Promise((resolve) => child.stdout.once('data', resolve))
  await new Promise((resolve) => setTimeout(resolve, 500))
  child.kill('SIGINT')
  expect([await ended, said]).toEqual([0, expect.stringContaining('Finishing the current instance first')])
  expect(isAlive(mark)).toBe(false)
})
