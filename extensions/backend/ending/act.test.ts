// The act on real processes of the test's own: each carries a token in its environment, so that no leak stays unseen.
import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { AppError } from '#contract/errors'
import { instance } from '#contract/instance.fixture'
import { type HeldProcess } from '../os/held-process.ts'
import { createProcessEnder } from '../os/process-ender.ts'
import type { ProcessFact, ProcessTable } from '../os/process-facts.ts'
import { serenaProcess } from '../serena/serena-process.fixture.ts'
import type { SerenaProcess } from '../serena/serena-process.ts'
import { type ActDeps, carryOut } from './act.ts'
import type { Outcome } from './outcome.ts'
import { type Candidate, planEndings } from './plan.ts'

const TOKEN = 'SERENA_DECK_TEST_TOKEN'
const token = randomUUID()
const children: ChildProcess[] = []
const ender = createProcessEnder()
const limits = { ownPid: process.pid, ownUid: process.getuid?.() ?? null }

/** Every running process of this test file, found by its environment. */
function ours(): number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) return []
    try {
      return readFileSync(`/proc/${name}/environ`, 'latin1').includes(`${TOKEN}=${token}`)
        ? [Number(name)]
        : []
    } catch {
      // Gone, or not ours.
      return []
    }
  })
}

afterEach(() => {
  for (let found = ours(); found.length > 0; found = ours())
    for (const pid of found) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // It has just ended.
      }
    }
})

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

async function untilOurs(count: number): Promise<void> {
  const end = performance.now() + 5000
  while (ours().length < count) {
    if (performance.now() > end) throw new Error(`only ${ours().length} of ${count} processes`)
    await sleep(20)
  }
}

/** A shell that is to be ended; resolves once this many processes of the test run. */
async function start(script: string, count: number): Promise<number> {
  const child = spawn('sh', ['-c', script], { stdio: 'ignore', env: { ...process.env, [TOKEN]: token } })
  children.push(child)
  await untilOurs(count)
  return child.pid ?? 0
}

async function serenaOf(pid: number, wrapperPid?: number): Promise<SerenaProcess> {
  const { byPid } = await ender.list()
  const fact = (of: number): ProcessFact => {
    const found = byPid.get(of)
    if (!found) throw new Error(`no process ${of}`)
    return found
  }
  const below = (of: number): ProcessFact[] =>
    [...byPid.values()].filter(({ ppid }) => ppid === of).flatMap((child) => [child, ...below(child.pid)])
  return serenaProcess({
    process: fact(pid),
    wrappers: wrapperPid === undefined ? [] : [fact(wrapperPid)],
    descendants: below(pid),
  })
}

const orphaned = instance(1, { state: 'orphaned', memoryBytes: 1000 })

interface Ending {
  outcome: Outcome
  steps: string[]
  tookMs: number
}

interface How {
  mode?: 'kill' | 'stop'
  ask?: ActDeps['ask']
  hold?: ActDeps['hold']
  /** What the nth list becomes. */
  alter?: (table: ProcessTable, nth: number) => ProcessTable
  /** How fast its clock runs, so that patience costs no time here. */
  speed?: number
  /** Default: the whole tree ends, the user's programs included. */
  includesPersons?: boolean
}

async function end(
  serena: SerenaProcess,
  {
    mode = 'kill',
    ask,
    hold = ender.hold,
    alter = (table) => table,
    speed = 1,
    includesPersons = true,
  }: How = {},
): Promise<Ending> {
  const steps: string[] = []
  let lists = 0
  const snapshot = async (): ReturnType<ActDeps['snapshot']> => {
    lists += 1
    return { table: alter(await ender.list(), lists), serenas: [] }
  }
  const candidate: Candidate = {
    instance: orphaned,
    serena,
    isForeignNamespace: false,
    isAnswering: ask !== undefined,
    mayHaveClient: false,
    left: null,
    leftTree: null,
  }
  const input = { candidates: [candidate], limits, scope: 'red' as const, includesPersons }
  const [planned] = planEndings({ ...input, ...(await snapshot()) })
  if (!planned) throw new Error('no plan')
  const startedAt = performance.now()
  const outcome = await carryOut(planned, mode, {
    hold,
    snapshot,
    limits,
    clock: { now: () => performance.now() * speed, sleep },
    ask: ask ?? (() => Promise.reject(new AppError('no-dashboard'))),
    journals: { open: () => ({ write: () => undefined, remove: () => undefined }) },
    removeEntry: () => Promise.resolve('It stays.'),
    report: (_, step) => void steps.push(step),
  })
  return { outcome, steps, tookMs: performance.now() - startedAt }
}

describe.skipIf(process.platform !== 'linux')('ending a tree', () => {
  it('ends an obedient process by SIGTERM alone, and counts its tree', async () => {
    const pid = await start('sleep 300 & exec sleep 300', 2)
    const { outcome, steps, tookMs } = await end(await serenaOf(pid))
    expect(outcome).toEqual({
      ended: [{ id: orphaned.id, title: orphaned.title, how: 'terminate', processes: 2, freedBytes: 1000 }],
      refused: [],
      survivors: [],
      leftRunning: [],
    })
    expect(steps).toEqual(['terminated', 'ended'])
    expect(ours()).toEqual([])
    expect(tookMs).toBeLessThan(2500)
  })

  it('asks first, and continues at once when it cannot be asked', async () => {
    const asked = await start('exec sleep 300', 1)
    const obedient = await end(await serenaOf(asked), {
      ask() {
        process.kill(asked, 'SIGTERM')
        return Promise.resolve()
      },
    })
    expect([obedient.steps, obedient.outcome.ended[0]?.how]).toEqual([['asked', 'ended'], 'shutdown'])
    const strange = await end(await serenaOf(await start('exec sleep 300', 1)), {
      ask: () => Promise.reject(new AppError('instance-replaced')),
    })
    expect([strange.steps, strange.outcome.ended[0]?.how]).toEqual([
      ['asked', 'terminated', 'ended'],
      'terminate',
    ])
    expect(strange.tookMs).toBeLessThan(1500)
  })

  it('kills a process that ignores SIGTERM after its grace period; `stop` leaves it running and reports that', async () => {
    const pid = await start(`trap '' TERM; sleep 300 & while :; do wait; done`, 2)
    const serena = await serenaOf(pid)
    const { outcome: stopped } = await end(serena, { mode: 'stop', speed: 20 })
    expect(stopped.ended).toEqual([])
    expect(stopped.survivors.map((one) => one.pid)).toEqual(expect.arrayContaining([pid]))
    expect(stopped.survivors[0]?.why).toContain('never sends SIGKILL')
    expect(ours()).toHaveLength(2)
    const { outcome, steps, tookMs } = await end(serena)
    expect([outcome.ended[0]?.how, outcome.ended[0]?.processes, outcome.survivors]).toEqual(['force', 2, []])
    expect(steps).toEqual(['terminated', 'forced', 'ended'])
    expect(ours()).toEqual([])
    expect(tookMs).toBeGreaterThan(2900)
    expect(tookMs).toBeLessThan(5000)
  })

  it('ends grandchildren, own sessions and processes without a parent; leaves other processes running', async () => {
    // The language server leads a session; its grandchild has lost its parent and is found by that session alone.
    const server = `setsid sh -c "sh -c 'sleep 301 & exec true'; sleep 302 & wait"`
    const pid = await start(`${server} & setsid sleep 303 & wait`, 5)
    const stranger = spawn('sleep', ['300'], { stdio: 'ignore', env: { ...process.env, [TOKEN]: token } })
    await untilOurs(6)
    const { outcome } = await end(await serenaOf(pid))
    expect(outcome.survivors).toEqual([])
    expect(outcome.ended[0]?.processes).toBe(5)
    expect(ours()).toEqual([stranger.pid])
  })

  it('an incomplete list loses no process: none is left running, and none is reported as ended that is not', async () => {
    const pid = await start(`trap '' TERM; sleep 300 & while :; do wait; done`, 2)
    const cut = (table: ProcessTable, nth: number): ProcessTable =>
      nth === 1 ? table : { byPid: new Map(), isComplete: false }
    const { outcome } = await end(await serenaOf(pid), { alter: cut })
    expect([outcome.ended[0]?.how, outcome.ended[0]?.processes, outcome.survivors]).toEqual(['force', 2, []])
    expect(ours()).toEqual([])
  })

  it('leaves no process stopped when listing fails midway', async () => {
    const pid = await start(`trap '' TERM; sleep 300 & while :; do wait; done`, 2)
    let isForced = false
    const failing: ActDeps['hold'] = (fact) => {
      const held = ender.hold(fact)
      const signal: HeldProcess['signal'] = (name) => {
        isForced ||= name === 'SIGSTOP'
        return held.signal(name)
      }
      return { ...held, signal }
    }
    const fail = (table: ProcessTable): ProcessTable => {
      if (isForced) throw new Error('the list failed')
      return table
    }
    await expect(end(await serenaOf(pid), { hold: failing, alter: fail })).rejects.toThrow('the list failed')
    for (const until = performance.now() + 2_000; ours().length > 0 && performance.now() < until; )
      await sleep(20)
    expect(ours()).toEqual([])
  })

  it('a process that leaves the tree midway is not killed, not counted and not left stopped', async () => {
    const pid = await start(`trap '' TERM; sleep 300 & while :; do wait; done`, 2)
    const serena = await serenaOf(pid)
    const [child] = serena.descendants
    if (!child) throw new Error('no child')
    const isStopped = (): boolean => / T /.test(readFileSync(`/proc/${child.pid}/stat`, 'latin1'))
    // Its state shows that later than the signal is sent.
    let wasStopped = false
    const noting: ActDeps['hold'] = (fact) => {
      const held = ender.hold(fact)
      const signal: HeldProcess['signal'] = (name) => {
        wasStopped ||= name === 'SIGSTOP' && fact.pid === child.pid
        return held.signal(name)
      }
      return { ...held, signal }
    }
    const foreignOnceStopped = ({ byPid, isComplete }: ProcessTable): ProcessTable => {
      const now = byPid.get(child.pid)
      if (!wasStopped || !now) return { byPid, isComplete }
      return { isComplete, byPid: new Map(byPid).set(child.pid, { ...now, uid: 65_533 }) }
    }
    const { outcome } = await end(serena, { hold: noting, alter: foreignOnceStopped })
    expect([wasStopped, outcome.ended[0]?.how]).toEqual([true, 'force'])
    expect(outcome.survivors).toMatchObject([
      { pid: child.pid, why: expect.stringMatching(/another user/) as string },
    ])
    await expect.poll(isStopped).toBe(false)
    expect(ours()).toEqual([child.pid])
  })

  it('a process that left the tree before the first list is not ended', async () => {
    const pid = await start(`(setsid sleep 304 &) ; exec sleep 305`, 2)
    await sleep(100)
    await end(await serenaOf(pid))
    expect(ours()).toHaveLength(1)
  })

  it('a stopped process is continued to receive its SIGTERM', async () => {
    const pid = await start('exec sleep 300', 1)
    process.kill(pid, 'SIGSTOP')
    await sleep(50)
    const { outcome } = await end(await serenaOf(pid))
    expect(outcome.ended[0]?.how).toBe('terminate')
    expect(ours()).toEqual([])
  })

  it('a process that starts another one every 10 ms, each in its own session, leaves none running', {
    timeout: 60_000,
  }, async () => {
    for (let trial = 0; trial < 2; trial++) {
      const pid = await start(`trap '' TERM; while :; do setsid sleep 300 & sleep 0.01; done`, 8)
      const { outcome } = await end(await serenaOf(pid))
      expect(outcome.survivors).toEqual([])
      expect(outcome.ended[0]?.how).toBe('force')
      await sleep(100)
      expect(ours()).toEqual([])
    }
  })

  it('a tree whose parent starts a new child whenever one exits is ended completely', async () => {
    const pid = await start(`trap '' TERM; while :; do setsid sleep 300; done`, 2)
    const { outcome } = await end(await serenaOf(pid))
    expect([outcome.ended[0]?.how, outcome.survivors]).toEqual(['force', []])
    expect(ours()).toEqual([])
  })

  it('a launcher is ended too, unless it has continued with another command', async () => {
    const waiting = await start('sleep 300; true', 2)
    const [inner = 0] = ours().filter((one) => one !== waiting)
    const gone = await end(await serenaOf(inner, waiting))
    expect([gone.outcome.ended[0]?.processes, ours()]).toEqual([2, []])

    const busy = await start('sleep 300; sleep 301', 2)
    const [first = 0] = ours().filter((one) => one !== busy)
    const { outcome } = await end(await serenaOf(first, busy))
    expect(outcome.survivors).toEqual([])
    await untilOurs(2)
    expect(ours()).toContain(busy)
  })

  it('a process that had exited before is not reported as ended', async () => {
    const pid = await start('exec sleep 300', 1)
    const serena = await serenaOf(pid)
    process.kill(pid, 'SIGKILL')
    while (ours().length > 0) await sleep(10)
    const { outcome, steps } = await end(serena)
    expect(outcome).toMatchObject({ ended: [], refused: [{ why: 'It has already exited.' }] })
    expect(steps).toEqual(['refused'])
  })
})

/** A process of the tree that no signal changes. */
const stuck = (
  pid: number,
  runState: string,
  outcome: 'sent' | 'refused',
): ((fact: ProcessFact) => HeldProcess) => {
  return (fact) =>
    fact.pid === pid
      ? {
          fact,
          runState: () => Promise.resolve(runState),
          signal: () => Promise.resolve(outcome),
          release: () => undefined,
        }
      : ender.hold(fact)
}

describe.skipIf(process.platform !== 'linux')('survivors are reported', () => {
  it.each([
    ['D', 'sent', /uninterruptible wait \(state D/],
    ['S', 'refused', /does not permit this user to signal it/],
    ['S', 'sent', /was sent SIGKILL and is still running \(state S\)/],
  ] as const)('a child in state %s whose signal is %s', { timeout: 20_000 }, async (state, outcome, why) => {
    const pid = await start('sleep 300 & exec sleep 301', 2)
    const serena = await serenaOf(pid)
    const child = serena.descendants[0]?.pid ?? 0
    const ending = await end(serena, { hold: stuck(child, state, outcome), speed: 4 })
    // Serena itself has exited: that is reported, with what is still running.
    expect(ending.outcome.ended).toMatchObject([{ how: 'terminate', processes: 1 }])
    expect(ending.outcome.survivors).toEqual([{ pid: child, why: expect.stringMatching(why) as string }])
    expect(ending.steps).toEqual(['terminated', 'survived', 'ended'])
    expect(ours()).toEqual([child])
  })

  it('Serena itself: then nothing has ended', { timeout: 20_000 }, async () => {
    const pid = await start('exec sleep 300', 1)
    const ending = await end(await serenaOf(pid), { hold: stuck(pid, 'D', 'sent'), speed: 4 })
    expect(ending.outcome).toMatchObject({ ended: [], refused: [], survivors: [{ pid }] })
    expect(ending.steps).toEqual(['terminated', 'forced', 'survived'])
  })
})
