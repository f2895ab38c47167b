// Faults that take long to show: half of fifty hung (F30), a sleeping backend (F21), ten thousand readers (F33), little memory (F32).
import { readdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { DeckEvent } from '#contract/events'
import { EVENTS_PATH } from '#contract/routes'
import { startBackend, type TestBackend } from '../helpers/backend.ts'
import { signalProcess } from '../helpers/processes.ts'
import { startTestStandIn } from '../helpers/stand-in.ts'
import { makeTempFolder } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const scope = scopePerTest()
const project = (name: string) => ({ name, path: `/srv/${name}` })

const statesOf = async (backend: TestBackend): Promise<Map<number | null, string>> =>
  new Map((await backend.call('instances')).instances.map(({ pid, state }) => [pid, state]))

test.skipIf(process.platform !== 'linux')('F30: half of fifty hang, and the others stay fresh', async () => {
  const serenaHome = await makeTempFolder(scope, 'home')
  const start = (at: number) =>
    startTestStandIn(scope, { serenaHome, options: { project: project(`p${at}`), otherProject: null } })
  const all: Awaited<ReturnType<typeof start>>[] = []
  for (let at = 0; at < 50; at += 5)
    all.push(...(await Promise.all([0, 1, 2, 3, 4].map((step) => start(at + step)))))
  const backend = await startBackend(scope, { homes: [serenaHome] })
  backend.stream()
  await waitUntil(
    'all to be live',
    async () => [...(await statesOf(backend)).values()].filter((state) => state === 'live').length === 50,
    { timeoutMs: 30_000 },
  )
  for (const [at, standIn] of all.entries()) if (at % 2 === 1) standIn.tell('hang')
  await waitUntil(
    '25 to be hung',
    async () => [...(await statesOf(backend)).values()].filter((state) => state === 'hung').length === 25,
    { timeoutMs: 90_000, everyMs: 500 },
  )
  // A healthy one that changes is seen at once.
  const healthy = all[0]
  healthy?.tell('project')
  await waitUntil(
    'its project to go',
    async () => (await statesOf(backend)).get(healthy?.pid ?? 0) === 'idle',
    { timeoutMs: 3_000 },
  )
})

test.skipIf(process.platform === 'win32')(
  'F21: a backend that was stopped for 90 s condemns nobody when it goes on',
  async () => {
    const serenaHome = await makeTempFolder(scope, 'home')
    const standIn = await startTestStandIn(scope, { serenaHome, options: { project: project('shop') } })
    const backend = await startBackend(scope, { homes: [serenaHome] })
    const stream = backend.stream()
    await waitUntil('it to be live', async () => (await statesOf(backend)).get(standIn.pid) === 'live')
    standIn.tell('hang')
    await sleep(8_000)
    const seen = stream.events.length
    signalProcess(backend.program.mark, 'SIGSTOP')
    await sleep(90_000)
    standIn.tell('answer')
    signalProcess(backend.program.mark, 'SIGCONT')
    await sleep(8_000)
    const states = stream.events
      .slice(seen)
      .flatMap((event: DeckEvent) => (event.type === 'delta' ? event.changed.map(({ state }) => state) : []))
    expect(states).not.toContain('hung')
    expect((await statesOf(backend)).get(standIn.pid)).toBe('live')
  },
)

test.skipIf(process.platform !== 'linux')(
  'F33: ten thousand readers that come and go leave nothing behind',
  async () => {
    const backend = await startBackend(scope)
    const token = await backend.token()
    const cycle = async (): Promise<void> => {
      const aborter = new AbortController()
      const response = await fetch(new URL(EVENTS_PATH, backend.url), {
        headers: { authorization: `Bearer ${token}` },
        signal: aborter.signal,
      })
      await response.body?.getReader().read()
      aborter.abort()
    }
    const descriptors = (): number => readdirSync(`/proc/${backend.pid}/fd`).length
    await Promise.all(Array.from({ length: 50 }, cycle))
    await sleep(7_000)
    const before = descriptors()
    for (let round = 0; round < 500; round++) await Promise.all(Array.from({ length: 20 }, cycle))
    await waitUntil(
      'readers and descriptors to be as before',
      async () => {
        const text = await (await backend.fetch('/metrics')).text()
        return /^serena_deck_stream_readers 0$/m.test(text) && descriptors() <= before + 3
      },
      { timeoutMs: 20_000, everyMs: 500 },
    )
  },
)

test('F32: with 96 MB of heap, a flood of log and readers that do not read, it lives on', async () => {
  const serenaHome = await makeTempFolder(scope, 'home')
  const standIns = await Promise.all(
    [0, 1, 2, 3, 4].map((at) =>
      startTestStandIn(scope, {
        serenaHome,
        options: { project: project(`p${at}`), logLinesPerSecond: 200, isHostile: at === 0 },
      }),
    ),
  )
  const backend = await startBackend(scope, {
    homes: [serenaHome],
    nodeArgs: ['--max-old-space-size=96'],
  })
  const token = await backend.token()
  const paused = Array.from({ length: 20 }, () => {
    const aborter = new AbortController()
    scope.add(() => aborter.abort())
    // Asked for and never read.
    return fetch(new URL(EVENTS_PATH, backend.url), {
      headers: { authorization: `Bearer ${token}` },
      signal: aborter.signal,
    })
  })
  await Promise.all(paused)
  const end = performance.now() + 120_000
  while (performance.now() < end) {
    const { instances } = await backend.call('instances')
    await Promise.all(
      instances.map(({ id }) =>
        backend.call('logs', { params: { id }, query: { from: '0' } }).catch(() => null),
      ),
    )
  }
  const states = await statesOf(backend)
  for (const { pid } of standIns) expect(states.get(pid)).toBe('live')
})
