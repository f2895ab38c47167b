// Interruptions of an ending: its caller disconnects, two callers ask at once, the backend gets a signal or is killed.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cliProgram, startBackend, type TestBackend } from '../helpers/backend.ts'
import { runCli } from '../helpers/cli.ts'
import { isAlive, markProcess, type ProcessMark, signalProcess } from '../helpers/processes.ts'
import { checkSignalLog } from '../helpers/signal-log.ts'
import { startTestStandIn } from '../helpers/stand-in.ts'
import { makeTempFolder, projectRoot } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const scope = scopePerTest()

/** A process that ignores SIGTERM: its ending takes 3 s before SIGKILL, long enough for an interruption. */
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

/** Requests the ending without waiting for it; resolves when SIGTERM was sent. */
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
    // The request is aborted.
    .catch(() => undefined)
  await stream.until((event) => event.type === 'ending' && event.step === 'terminated')
}

const untilExited = (mark: ProcessMark): Promise<unknown> => waitUntil('its end', () => !isAlive(mark))

const endedOf = async (backend: TestBackend, id: string): Promise<unknown[]> =>
  (await backend.call('history')).records.filter((record) => record.event === 'ended' && record.id === id)

test('finishes and records an ending after its caller disconnects', async () => {
  const scene = await startScene()
  const caller = new AbortController()
  await beginEnding(scene, caller.signal)
  caller.abort()
  expect(isAlive(scene.mark)).toBe(true)
  await untilExited(scene.mark)
  await waitUntil('the record', async () => (await endedOf(scene.backend, scene.id)).length === 1)
})

test('ends an instance once for three concurrent requests, and only one reports it', async () => {
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
  expect(both.flatMap(({ refused }) => refused)).toMatchObject([{ id, why: 'It is already being ended.' }])
  expect(isAlive(mark)).toBe(false)
  // 3: the instance had been ended before the command listed the processes.
  expect([0, 1, 3]).toContain(alone.code)
  expect(await endedOf(backend, id)).toHaveLength(1)
})

test('finishes and records an ending before it exits on SIGTERM', async () => {
  const scene = await startScene()
  await beginEnding(scene)
  expect(isAlive(scene.mark)).toBe(true)
  expect(await scene.backend.stop()).toBe(0)
  expect(isAlive(scene.mark)).toBe(false)
  const next = await startBackend(scope, { homes: [scene.home], stateFolder: scene.backend.stateFolder })
  expect(await endedOf(next, scene.id)).toHaveLength(1)
})

test('leaves no process stopped after SIGKILL, and the next backend ends the instance', async () => {
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

test('finishes the current ending after Ctrl+C in a command without a backend', async () => {
  const home = await makeTempFolder(scope, 'home')
  const mark = await startStubborn(home)
  const env = {
    ...process.env,
    SERENA_DECK_ONLY_HOMES: home,
    SERENA_DECK_STATE: await makeTempFolder(scope, 'state'),
    SERENA_DECK_SIGNAL_LOG: join(home, 'signals'),
  }
  const child = spawn(process.execPath, [cliProgram, 'kill', `pid:${mark.pid}`, '--yes'], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)))
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  await waitUntil(
    'its SIGTERM',
    () => checkSignalLog(join(home, 'signals')).entries.some(({ signal }) => signal === 'SIGTERM'),
    { everyMs: 20 },
  )
  child.kill('SIGINT')
  expect([await ended, said]).toEqual([0, expect.stringContaining('Ending the current instance first')])
  expect(isAlive(mark)).toBe(false)
})
