// The scheduler on a simulated machine: starts and exits, clocks that jump, sleeps of the machine.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { InstanceChanges } from '#contract/events'
import type { DashboardConnection } from '../dashboards/dashboard-connection.ts'
import type { DashboardTarget, ProbeOutcome } from '../dashboards/dashboard-facts.ts'
import type { DashboardActions } from '../dashboards/dashboard-service.ts'
import { processDetails, processFact } from '../os/process-fact.fixture.ts'
import type { Listener, ProcessFact, ProcessSource } from '../os/process-facts.ts'
import { parseSerenaCommand } from '../serena/command-line.ts'
import { findSerenas } from '../serena/serena-processes.ts'
import { findGroupFlags } from '../verdict/flags/group-flags.ts'
import { judge } from '../verdict/verdict.ts'
import { createInstances } from './instances.ts'
import { createNoticeBoard } from './notices.ts'
import { createScheduler } from './scheduler.ts'

const BEGAN = Date.parse('2026-11-23T08:00:00Z')
const absent = { isAvailable: false, since: '1.0.0', why: 'not in this test' } as const

/** A machine, its dashboards and its clocks; the clocks pass with the fake timers and can jump. */
function machine() {
  const processes = new Map<number, ProcessFact>()
  const client = processFact({ pid: 10, argv: ['claude'] })
  let hasClient = true
  const silent = new Set<number>()
  let unread: ReadonlySet<number> | 'all' = new Set<number>()
  let wallShiftMs = 0
  let monotonicShiftMs = 0
  let lists = 0
  let detailReads = 0
  const clock = {
    wall: () => Date.now() + wallShiftMs,
    monotonic: () => Date.now() - BEGAN + monotonicShiftMs,
  }
  const source: ProcessSource = {
    ownUid: 1000,
    pidNamespace: null,
    list() {
      lists++
      if (unread === 'all') return Promise.resolve({ isComplete: false, byPid: new Map() })
      const all = [...(hasClient ? ([[client.pid, client]] as const) : []), ...processes]
      const failed = unread
      return Promise.resolve({
        isComplete: failed.size === 0,
        byPid: new Map(all.filter(([pid]) => !failed.has(pid))),
        unread: failed,
      })
    },
    quickScan: (watched) =>
      Promise.resolve({
        pids: new Set([...(hasClient ? [client.pid] : []), ...processes.keys()]),
        watched: new Map([...processes].filter(([pid]) => watched.has(pid))),
        young: [...processes.values()],
      }),
    details(process) {
      if (process.pid !== client.pid) detailReads++
      return Promise.resolve(processDetails({ environment: { SERENA_HOME: '/srv/home' } }))
    },
    connection: () =>
      Promise.resolve(
        hasClient
          ? { clientEnd: 'open', isProven: true, evidence: [] }
          : { clientEnd: 'closed', isProven: true, evidence: ['No process reads its stdout.'] },
      ),
    memory: () => Promise.resolve({ bytes: 1_000_000, kind: 'pss' }),
    listeners: (asked) =>
      Promise.resolve(
        new Map(
          asked.map(({ pid }) => {
            const listener: Listener = { address: '127.0.0.1', port: 24_000 + pid, socket: String(pid) }
            return [pid, [listener]]
          }),
        ),
      ),
  }
  const connect = ({ listener }: DashboardTarget): DashboardConnection => {
    const isSilent = (): boolean => silent.has(listener.port - 24_000)
    const outcome = async (): Promise<ProbeOutcome> => {
      const atMs = clock.monotonic()
      if (isSilent()) await new Promise((resolve) => setTimeout(resolve, 1_500))
      return { atMs, tookMs: clock.monotonic() - atMs, result: isSilent() ? 'silent' : 'answered' }
    }
    return {
      identify: async () => ({ outcome: await outcome(), isSerena: !isSilent() }),
      poll: async () => ({
        outcome: await outcome(),
        status: isSilent() ? null : { activeProject: 'shop', logIndex: 1 },
      }),
      heartbeat: outcome,
      overview: () => Promise.resolve(absent),
      executions: () => Promise.resolve(absent),
      toolStats: () => Promise.resolve(absent),
      logs: () => Promise.resolve(absent),
      actions: {} as DashboardActions, // not asked here
      close: () => undefined,
    }
  }
  const instances = createInstances({
    source,
    notices: createNoticeBoard(),
    clock,
    findSerenas,
    judge,
    findFlags: findGroupFlags,
    connect,
    trustedHostsOf: () => null,
    logs: {
      readHead: () => Promise.resolve(null),
      modifiedAtMs: () => null,
      find: () => Promise.resolve(null),
    },
    readRegistry: () => Promise.resolve({ entries: [], problems: [] }),
    ownPort: () => null,
    hub: { current: () => null, renew: () => Promise.resolve() },
    ownSerenaHome: '/srv/home',
    onlyHomes: null,
    ownPid: process.pid,
  })
  const faults: unknown[] = []
  const scheduler = createScheduler({
    instances,
    source,
    clock,
    onFault: (error) => faults.push(error),
    isSerenaLike: (argv) => parseSerenaCommand(argv) !== null,
  })
  const published: InstanceChanges[] = []
  instances.subscribe((changes) => published.push(changes))
  return {
    scheduler,
    published,
    faults,
    silent,
    lists: () => lists,
    detailReads: () => detailReads,
    start(pid: number, startedAtMs = clock.wall()) {
      processes.set(pid, {
        identity: `boot:${pid}:${startedAtMs}`,
        pid,
        ppid: 10,
        pgid: pid,
        sid: pid,
        uid: 1000,
        startedAtMs,
        name: 'serena',
        argv: ['python', '/bin/serena', 'start-mcp-server'],
        runState: 'S',
        rssBytes: 1_000_000,
        cpuMs: 0,
      })
    },
    end: (pid: number) => void processes.delete(pid),
    /** Starts the scheduler while a page is visible. */
    open() {
      scheduler.setVisible(true)
      scheduler.start()
    },
    cannotRead(pids: readonly number[] | 'all') {
      unread = pids === 'all' ? pids : new Set(pids)
    },
    endClient() {
      hasClient = false
    },
    stateOf: (pid: number) => instances.current().instances.find((instance) => instance.pid === pid)?.state,
    flagsOf: (pid: number) => instances.current().instances.find((instance) => instance.pid === pid)?.flags,
    jumpWall: (ms: number) => {
      wallShiftMs += ms
    },
    jumpMonotonic: (ms: number) => {
      monotonicShiftMs += ms
    },
  }
}

const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms)
let world: ReturnType<typeof machine>
beforeEach(() => {
  vi.useFakeTimers({ now: BEGAN })
  world = machine()
})
afterEach(() => {
  world.scheduler.stop()
  vi.useRealTimers()
  expect(world.faults).toEqual([])
})

test('a start and an exit are published within a tick, and nothing is published when nothing changed', async () => {
  world.open()
  await pass(2_000)
  expect(world.published).toMatchObject([{ changed: [], serenaHomes: ['/srv/home'] }])
  world.start(100)
  await pass(1_100)
  expect(world.stateOf(100)).toBe('live')
  await pass(5_000)
  const count = world.published.length
  await pass(60_000)
  expect(world.published).toHaveLength(count)
  world.end(100)
  await pass(1_100)
  expect(world.published.at(-1)?.removed).toHaveLength(1)
  expect(world.stateOf(100)).toBeUndefined()
})

test('rounds are every 5 s while a page is visible, every 15 s otherwise, and one at once when a page becomes visible', async () => {
  world.scheduler.start()
  await pass(60_000)
  const hidden = world.lists()
  expect(hidden).toBeGreaterThanOrEqual(4)
  expect(hidden).toBeLessThanOrEqual(6)
  world.scheduler.setVisible(true)
  await pass(0)
  expect(world.lists()).toBe(hidden + 1)
  await pass(60_000)
  expect(world.lists() - hidden).toBeGreaterThanOrEqual(11)
  expect(world.lists() - hidden).toBeLessThanOrEqual(13)
})

test('an instance that hangs is slow first, hung after three misses over ten seconds, and live when it answers', async () => {
  world.start(100)
  world.open()
  await pass(1_000)
  world.silent.add(100)
  await pass(13_000)
  expect([world.stateOf(100), world.flagsOf(100)]).toEqual(['live', ['slow']])
  await pass(12_000)
  expect(world.stateOf(100)).toBe('hung')
  world.silent.delete(100)
  await pass(6_000)
  expect([world.stateOf(100), world.flagsOf(100)]).toEqual(['live', []])
})

test('an orphan is red within 10 s of the exit of its client while no page is open, and not before 5 s', async () => {
  world.start(100, BEGAN - 3_600_000)
  world.scheduler.start()
  await pass(40_000)
  world.endClient()
  const lists = world.lists()
  await pass(5_000)
  expect([world.stateOf(100), world.flagsOf(100)]).toEqual(['live', []])
  await pass(5_000)
  expect([world.stateOf(100), world.flagsOf(100)]).toEqual(['orphaned', []])
  expect(world.lists() - lists).toBeLessThanOrEqual(3)
})

test('a wall clock set back or forward by a day changes no state and starts no burst of rounds', async () => {
  world.start(100, BEGAN - 3_600_000)
  world.start(101, BEGAN - 3_600_000)
  world.silent.add(101) // has never answered: its age decides
  world.open()
  await pass(1_700)
  for (const days of [1, -2, 1]) {
    const before = world.lists()
    world.jumpWall(days * 86_400_000)
    await pass(5_000)
    expect(world.stateOf(100)).toBe('live')
    expect(world.lists() - before).toBeLessThanOrEqual(2)
  }
})

test('misses from before a sleep, in which only the wall clock advanced, prove nothing', async () => {
  world.start(100)
  world.open()
  await pass(1_000)
  world.silent.add(100)
  await pass(18_000)
  expect(world.flagsOf(100)).toEqual(['slow'])
  world.jumpWall(3_600_000)
  await pass(1_100)
  expect(world.stateOf(100)).toBe('live')
  await pass(7_000)
  expect(world.stateOf(100)).toBe('live')
  await pass(14_000)
  expect(world.stateOf(100)).toBe('hung')
})

test('an event loop that was stopped makes one round when it continues, and counts no miss of that time', async () => {
  world.start(100)
  world.open()
  await pass(1_000)
  world.silent.add(100)
  await pass(18_000)
  const before = world.lists()
  world.jumpWall(90_000)
  world.jumpMonotonic(90_000)
  await pass(1_100)
  expect(world.lists() - before).toBe(1)
  expect(world.stateOf(100)).toBe('live')
  world.silent.delete(100)
  await pass(6_000)
  expect([world.stateOf(100), world.flagsOf(100)]).toEqual(['live', []])
})

test('an instance that a list could not read stays as it was; one that is missing from it has exited', async () => {
  world.start(100)
  world.start(200)
  world.scheduler.start()
  await pass(30_000)
  const count = world.published.length
  world.cannotRead('all')
  await pass(20_000)
  world.cannotRead([100, 200])
  await pass(20_000)
  expect(world.published).toHaveLength(count)
  expect([world.stateOf(100), world.stateOf(200)]).toEqual(['live', 'live'])

  world.end(200)
  world.cannotRead([100])
  await pass(20_000)
  expect([world.stateOf(100), world.stateOf(200)]).toEqual(['live', undefined])
  world.cannotRead([])
  await pass(10_000)
  expect([world.stateOf(100), world.stateOf(200)]).toEqual(['live', undefined])
})

test('details of an instance at rest are read once a minute, and at once after a missed probe', async () => {
  world.start(100, BEGAN - 3_600_000)
  world.open()
  await pass(20_000)
  const atRest = world.detailReads()
  await pass(30_000)
  expect(world.detailReads()).toBe(atRest)
  await pass(20_000)
  expect(world.detailReads()).toBe(atRest + 1)
  world.silent.add(100)
  await pass(13_000)
  expect(world.detailReads()).toBeGreaterThan(atRest + 1)
})

test('a requested round reads everything', async () => {
  world.start(100, BEGAN - 3_600_000)
  world.scheduler.start()
  await pass(30_000)
  const before = world.detailReads()
  await world.scheduler.scanNow()
  expect(world.detailReads()).toBe(before + 1)
})
