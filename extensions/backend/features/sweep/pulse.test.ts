// The clocks of the sweep on a machine that the test plays: arrivals and ends, clocks that jump (F19), sleeps (F20, F21).
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { InstanceChanges } from '#contract/events'
import type { Listener, ProbeOutcome, ProcessFact, ProcessSource } from '../../facts.ts'
import type { DashboardTarget } from '../../facts-network.ts'
import type { DashboardActions } from '../../services.ts'
import { findGroupFlags } from '../verdict/group-flags.ts'
import { judge } from '../verdict/verdict.ts'
import { parseSerenaCommand } from './command-line.ts'
import type { DashboardConnection } from './dashboard-watch.ts'
import { createPulse } from './pulse.ts'
import { findSerenas } from './serena-processes.ts'
import { createSweep } from './sweep.ts'

const BEGAN = Date.parse('2026-11-23T08:00:00Z')
const absent = { isAvailable: false, since: '1.0.0', why: 'not in this test' } as const

/** A machine, its dashboards and its clocks; the clocks pass with the fake timers and can jump. */
function machine() {
  const processes = new Map<number, ProcessFact>()
  const client: ProcessFact = {
    identity: 'boot:10:1',
    pid: 10,
    ppid: 1,
    pgid: 10,
    sid: 10,
    uid: 1000,
    startedAtMs: 1,
    name: 'claude',
    argv: ['claude'],
    runState: 'S',
    rssBytes: 1_000_000,
    cpuMs: 0,
  }
  let hasClient = true
  const silent = new Set<number>()
  let unread: ReadonlySet<number> | 'all' = new Set<number>()
  let wallShiftMs = 0
  let monotonicShiftMs = 0
  let lists = 0
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
    glance: (watched) =>
      Promise.resolve({
        pids: new Set([...(hasClient ? [client.pid] : []), ...processes.keys()]),
        watched: new Map([...processes].filter(([pid]) => watched.has(pid))),
        young: [...processes.values()],
      }),
    details: () =>
      Promise.resolve({
        cwd: '/srv',
        environment: { SERENA_HOME: '/srv/home' },
        tracerPid: 0,
        isFrozen: false,
        isForeignNamespace: false,
        openLogFiles: [],
      }),
    wire: () =>
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
      look: async () => ({
        outcome: await outcome(),
        look: isSilent() ? null : { activeProject: 'shop', logIndex: 1 },
      }),
      heartbeat: outcome,
      overview: () => Promise.resolve(absent),
      executions: () => Promise.resolve(absent),
      toolStats: () => Promise.resolve(absent),
      logs: () => Promise.resolve(absent),
      actions: {} as DashboardActions, // not asked here
      close: () => Promise.resolve(),
    }
  }
  const sweep = createSweep({
    source,
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
    ownSerenaHome: '/srv/home',
    onlyHomes: null,
    ownPid: process.pid,
  })
  const faults: unknown[] = []
  const pulse = createPulse({
    sweep,
    source,
    clock,
    onFault: (error) => faults.push(error),
    isSerenaLike: (argv) => parseSerenaCommand(argv) !== null,
  })
  const told: InstanceChanges[] = []
  sweep.subscribe((changes) => told.push(changes))
  return {
    pulse,
    told,
    faults,
    silent,
    lists: () => lists,
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
    cannotRead(pids: readonly number[] | 'all') {
      unread = pids === 'all' ? pids : new Set(pids)
    },
    endClient() {
      hasClient = false
    },
    stateOf: (pid: number) => sweep.current().instances.find((instance) => instance.pid === pid)?.state,
    flagsOf: (pid: number) => sweep.current().instances.find((instance) => instance.pid === pid)?.flags,
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
  world.pulse.stop()
  vi.useRealTimers()
  expect(world.faults).toEqual([])
})

test('a newcomer and an end are told within a tick, and nothing is told when nothing changed', async () => {
  world.pulse.setVisible(true)
  world.pulse.start()
  await pass(2_000)
  expect(world.told).toMatchObject([{ changed: [], serenaHomes: ['/srv/home'] }])
  world.start(100)
  await pass(1_100)
  expect(world.stateOf(100)).toBe('live')
  await pass(5_000)
  const count = world.told.length
  await pass(60_000)
  expect(world.told).toHaveLength(count)
  world.end(100)
  await pass(1_100)
  expect(world.told.at(-1)?.removed).toHaveLength(1)
  expect(world.stateOf(100)).toBeUndefined()
})

test('rounds are every 5 s while somebody looks, every 15 s otherwise, and one at once when somebody comes', async () => {
  world.pulse.start()
  await pass(60_000)
  const hidden = world.lists()
  expect(hidden).toBeGreaterThanOrEqual(4)
  expect(hidden).toBeLessThanOrEqual(6)
  world.pulse.setVisible(true)
  await pass(0)
  expect(world.lists()).toBe(hidden + 1)
  await pass(60_000)
  expect(world.lists() - hidden).toBeGreaterThanOrEqual(11)
  expect(world.lists() - hidden).toBeLessThanOrEqual(13)
})

test('one that hangs is slow first, hung after three misses over ten seconds, and live when it answers', async () => {
  world.start(100)
  world.pulse.setVisible(true)
  world.pulse.start()
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
  world.pulse.start()
  await pass(40_000)
  world.endClient()
  const lists = world.lists()
  await pass(5_000)
  expect([world.stateOf(100), world.flagsOf(100)]).toEqual(['live', []])
  await pass(5_000)
  expect([world.stateOf(100), world.flagsOf(100)]).toEqual(['orphaned', []])
  expect(world.lists() - lists).toBeLessThanOrEqual(3)
})

test('F19: a clock set back or forth by a day condemns nobody and starts no storm', async () => {
  world.start(100, BEGAN - 3_600_000)
  world.start(101, BEGAN - 3_600_000)
  world.silent.add(101) // has never answered: its age decides
  world.pulse.setVisible(true)
  world.pulse.start()
  await pass(1_700)
  for (const days of [1, -2, 1]) {
    const before = world.lists()
    world.jumpWall(days * 86_400_000)
    await pass(5_000)
    expect(world.stateOf(100)).toBe('live')
    expect(world.lists() - before).toBeLessThanOrEqual(2)
  }
})

test('F20: misses from before a sleep, in which the wall clock alone went on, prove nothing', async () => {
  world.start(100)
  world.pulse.setVisible(true)
  world.pulse.start()
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

test('F21: a loop that was stopped makes one round when it goes on, and counts no miss of that time', async () => {
  world.start(100)
  world.pulse.setVisible(true)
  world.pulse.start()
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

test('F12: whom a list could not read stays as it was; who is gone from it is gone', async () => {
  world.start(100)
  world.start(200)
  world.pulse.start()
  await pass(30_000)
  const count = world.told.length
  world.cannotRead('all')
  await pass(20_000)
  world.cannotRead([100, 200])
  await pass(20_000)
  expect(world.told).toHaveLength(count)
  expect([world.stateOf(100), world.stateOf(200)]).toEqual(['live', 'live'])

  world.end(200)
  world.cannotRead([100])
  await pass(20_000)
  expect([world.stateOf(100), world.stateOf(200)]).toEqual(['live', undefined])
  world.cannotRead([])
  await pass(10_000)
  expect([world.stateOf(100), world.stateOf(200)]).toEqual(['live', undefined])
})
