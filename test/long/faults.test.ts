// Faults that take long to test: half of fifty instances hung, a suspended backend, ten thousand readers, little memory.
import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { DeckEvent } from '#contract/events'
import { EVENTS_PATH } from '#contract/routes'
import { startBackend, type TestBackend } from '../helpers/backend.ts'
import { stopFor } from '../helpers/processes.ts'
import { startTestStandIn } from '../helpers/stand-in.ts'
import { untilOwnSweeps } from '../helpers/sweeps.ts'
import { makeTempFolder } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const scope = scopePerTest()
const project = (name: string) => ({ name, path: `/srv/${name}` })

const statesOf = async (backend: TestBackend): Promise<Map<number | null, string>> =>
  new Map((await backend.call('instances')).instances.map(({ pid, state }) => [pid, state]))

test.skipIf(process.platform !== 'linux')(
  'keeps 25 of 50 instances up to date while the others hang',
  async () => {
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
    for (const [at, standIn] of all.entries()) if (at % 2 === 1) standIn.send('hang')
    await waitUntil(
      '25 to be hung',
      async () => [...(await statesOf(backend)).values()].filter((state) => state === 'hung').length === 25,
      { timeoutMs: 90_000, everyMs: 500 },
    )
    // A change of a healthy instance is visible immediately.
    const healthy = all[0]
    healthy?.send('project')
    await waitUntil(
      'its project to be removed',
      async () => (await statesOf(backend)).get(healthy?.pid ?? 0) === 'idle',
      { timeoutMs: 3_000 },
    )
  },
)

test.skipIf(process.platform === 'win32')(
  'a backend that was stopped for 90 s reports no instance as hung',
  async () => {
    const serenaHome = await makeTempFolder(scope, 'home')
    const standIn = await startTestStandIn(scope, { serenaHome, options: { project: project('shop') } })
    const backend = await startBackend(scope, { homes: [serenaHome] })
    const stream = backend.stream()
    await waitUntil('it to be live', async () => (await statesOf(backend)).get(standIn.pid) === 'live')
    const isSlow = async (): Promise<boolean> =>
      (await backend.call('instances')).instances[0]?.flags.includes('slow') ?? false
    standIn.send('hang')
    await waitUntil('a missed answer', isSlow, { timeoutMs: 20_000 })
    const seen = stream.events.length
    const stopped = stopFor([backend.program.mark], 90_000)
    standIn.send('answer')
    await stopped
    await waitUntil('an answer', async () => !(await isSlow()), { timeoutMs: 20_000 })
    await untilOwnSweeps(backend, 2)
    const states = stream.events
      .slice(seen)
      .flatMap((event: DeckEvent) => (event.type === 'delta' ? event.changed.map(({ state }) => state) : []))
    expect(states).not.toContain('hung')
    expect((await statesOf(backend)).get(standIn.pid)).toBe('live')
  },
)

test.skipIf(process.platform !== 'linux')(
  'leaves no descriptors open after ten thousand readers',
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
    const counts: number[] = []
    const isSettled = (): boolean => counts.push(descriptors()) >= 10 && new Set(counts.slice(-10)).size === 1
    await waitUntil('ten equal counts of descriptors', isSettled, { timeoutMs: 30_000, everyMs: 1_000 })
    const before = descriptors()
    for (let round = 0; round < 500; round++) await Promise.all(Array.from({ length: 20 }, cycle))
    await waitUntil(
      'readers and descriptors to return to the initial count',
      async () => {
        const text = await (await backend.fetch('/metrics')).text()
        return /^serena_deck_stream_readers 0$/m.test(text) && descriptors() <= before + 3
      },
      { timeoutMs: 20_000, everyMs: 500 },
    )
  },
)

test('runs with 96 MB of heap, many log lines and readers that do not read', async () => {
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
    // Requested and never read.
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
