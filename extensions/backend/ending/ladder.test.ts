// The ladder by a clock and processes of the test: which rung follows which, when, and what is never done.
import { expect, it } from 'vitest'
import { AppError } from '#contract/errors'
import type { EndingSignal, HeldProcess } from '../os/held-process.ts'
import type { ProcessFact } from '../os/process-facts.ts'
import { climbLadder, type Ladder } from './ladder.ts'
import { askRung, haveExited, terminateRung } from './rungs.ts'
import type { TrackedTree } from './tracked-tree.ts'

interface World {
  tracked: TrackedTree
  log: string[]
  target: HeldProcess
  clock: { now: () => number; sleep: (ms: number) => Promise<void> }
  exit(): void
}

/** One process; `obeys`: the signal at which it exits. */
function world(obeys: EndingSignal | null, runState = 'S'): World {
  let nowMs = 0
  let state: string | null = runState
  const log: string[] = []
  const fact = { identity: 'boot:7:1', pid: 7 } as ProcessFact
  const target: HeldProcess = {
    fact,
    runState: () => Promise.resolve(state),
    signal(signal) {
      log.push(`${signal} ${nowMs}`)
      if (signal === obeys || signal === 'SIGKILL') state = null
      return Promise.resolve('sent')
    },
    release: () => undefined,
  }
  const living = (): ProcessFact[] => (state === null ? [] : [fact])
  const clock = {
    now: () => nowMs,
    sleep: (ms: number) => {
      nowMs += ms
      return Promise.resolve()
    },
  }
  const tracked: TrackedTree = {
    targets: [target],
    living,
    foreign: () => [],
    leftRunning: () => [],
    refresh: () => Promise.resolve(living()),
    hold: () => target,
    isEmpty: () => Promise.resolve(state === null),
    async waitUntil(isDone, timeoutMs) {
      for (const end = nowMs + timeoutMs; !(await isDone()) && nowMs < end; ) await clock.sleep(500)
    },
    release: () => undefined,
  }
  return {
    tracked,
    log,
    target,
    clock,
    exit() {
      state = null
    },
  }
}

const journal = { write: () => undefined, remove: () => undefined }

const ladderOf = ({ target, log }: World, change: Partial<Ladder> = {}): Ladder => ({
  rungs: [
    {
      way: 'shutdown',
      start: () => void log.push('asked'),
      waitMs: 2_000,
    },
    terminateRung(() => [target], 2_000),
  ],
  isOver: () => haveExited([target]),
  force: () => journal,
  ...change,
})

it('gives each step its time, and kills a process that does not exit', async () => {
  const one = world(null)
  const climbed = await climbLadder(one.tracked, one.clock, ladderOf(one))
  expect(one.log).toEqual(['asked', 'SIGTERM 2000', 'SIGSTOP 4000', 'SIGKILL 4000', 'SIGCONT 4000'])
  expect([climbed.way, [...climbed.killed]]).toEqual([null, ['boot:7:1']])
})

it('stops after the step that ended the process', async () => {
  const one = world('SIGTERM')
  const climbed = await climbLadder(one.tracked, one.clock, ladderOf(one))
  expect(one.log).toEqual(['asked', 'SIGTERM 2000'])
  expect([climbed.way, climbed.killed.size]).toEqual(['terminate', 0])
})

it('never kills where killing is not allowed', async () => {
  const one = world(null)
  expect(await climbLadder(one.tracked, one.clock, ladderOf(one, { force: null }))).toEqual({
    way: null,
    killed: new Set(),
  })
  expect(one.log).toEqual(['asked', 'SIGTERM 2000'])
})

it('signals nothing that had exited before', async () => {
  const one = world(null)
  one.exit()
  expect((await climbLadder(one.tracked, one.clock, ladderOf(one))).way).toBe('before')
  expect(one.log).toEqual([])
})

it('continues a stopped process after SIGTERM', async () => {
  const one = world('SIGCONT', 'T')
  const { way } = await climbLadder(
    one.tracked,
    one.clock,
    ladderOf(one, { rungs: [terminateRung(() => [one.target], 1)] }),
  )
  expect([way, one.log]).toEqual(['terminate', ['SIGTERM 0', 'SIGCONT 0']])
})

it('does not wait for a request that was refused, and reports one that failed otherwise', async () => {
  const one = world('SIGTERM')
  const rungs = (error: Error): Ladder['rungs'] => [
    askRung(() => Promise.reject(error)),
    terminateRung(() => [one.target], 1_000),
  ]
  const refused = ladderOf(one, { rungs: rungs(new AppError('no-dashboard')) })
  expect((await climbLadder(one.tracked, one.clock, refused)).way).toBe('terminate')
  expect(Number(one.log[0]?.split(' ')[1])).toBeLessThanOrEqual(500)
  const other = world(null)
  const failed = ladderOf(other, { rungs: rungs(new Error('a fault')) })
  await expect(climbLadder(other.tracked, other.clock, failed)).rejects.toThrow('a fault')
})
