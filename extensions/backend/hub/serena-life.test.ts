// The life of a Serena whose process the test starts, ends and lets crash.
import { setImmediate as settled } from 'node:timers/promises'
import { beforeEach, describe, expect, it } from 'vitest'
import type { ChildDeps } from './serena-child.ts'
import { createSerenaLife, type SerenaLife } from './serena-life.ts'

let life: SerenaLife
let nowMs: number
/** One for each start. */
let children: (ChildDeps & { spawned(): void; ended(): void })[]
let faults: string[]
let prepare: () => Promise<void>
let isNeeded: boolean
let mayRetry: boolean

const CRASH = { code: null, signal: 'SIGKILL', lastWords: '', hadNoOutput: false } as const
const REFUSAL = { code: 2, signal: null, lastWords: 'bad flag', hadNoOutput: true } as const
const crash = (): void => children.at(-1)?.onExit(CRASH)
async function start(): Promise<void> {
  life.wake()
  children.at(-1)?.spawned()
  await settled()
}

beforeEach(() => {
  nowMs = 0
  // A start that an earlier test has scheduled does not count.
  const started: typeof children = []
  children = started
  faults = []
  prepare = () => Promise.resolve()
  isNeeded = false
  mayRetry = false
  life = createSerenaLife({
    startChild: (deps) =>
      new Promise((resolve) => {
        const pid = started.length + 1
        const hooks = { ended: (): void => undefined }
        const end = (): Promise<void> => new Promise((done) => (hooks.ended = done))
        const spawned = (): void => resolve({ pid, write: () => undefined, end })
        started.push({ ...deps, spawned, ended: () => hooks.ended() })
      }),
    prepare: () => prepare(),
    onLine: () => undefined,
    onReady: () => undefined,
    onCrash: () => isNeeded,
    onEnded: () => isNeeded,
    mayRetry: () => mayRetry,
    onFailure: (fault) => void faults.push(fault),
    onChange: () => undefined,
    onFault: (error) => {
      throw error
    },
    now: () => nowMs,
  })
})

it('starts once, and is running when it is ready', async () => {
  life.wake()
  life.wake()
  expect([life.state(), life.child(), children.length]).toEqual(['starting', null, 1])
  children[0]?.spawned()
  await settled()
  expect([life.state(), life.child()?.pid]).toEqual(['running', 1])
})

describe('a crash', () => {
  it('starts it again if it is needed, else with the next call', async () => {
    await start()
    crash()
    expect([life.state(), life.crashes()]).toEqual(['stopped', 1])
    await start()
    isNeeded = true
    crash()
    expect([life.state(), life.child(), life.crashes()]).toEqual(['starting', null, 2])
  })

  it('is a failure with the fourth within a minute; a call tries again after ten seconds', async () => {
    for (let count = 0; count < 4; count++) {
      await start()
      crash()
    }
    expect([life.state(), faults.length]).toEqual(['failed', 1])
    life.wake()
    expect([children.length, faults.length]).toEqual([4, 2])
    nowMs = 10_000
    await start()
    expect([life.state(), life.fault()]).toEqual(['running', null])
  })

  it('before it is ready is a failure if it refused its arguments', () => {
    life.wake()
    children[0]?.onExit(REFUSAL)
    expect(life.fault()).toBe('Serena exited with code 2. Its last output:\nbad flag')
  })

  it('before it is ready is no failure if it is started with other arguments', () => {
    life.wake()
    mayRetry = true
    children[0]?.onExit(REFUSAL)
    expect([life.state(), children.length, life.crashes()]).toEqual(['starting', 2, 0])
  })
})

it('that cannot be made ready fails only when its tree has ended', async () => {
  prepare = () => Promise.reject(new Error('refused'))
  await start()
  expect(life.state()).toBe('starting')
  children[0]?.ended()
  await settled()
  expect([life.state(), life.child()]).toEqual(['failed', null])
  expect(faults).toEqual(['Serena could not be started: Error: refused.'])
})

describe('an end', () => {
  beforeEach(start)

  it('that is not proven holds back the next start', async () => {
    const ending = life.end('asleep')
    life.wake()
    expect([life.state(), children.length]).toEqual(['asleep', 1])
    await settled()
    children[0]?.ended()
    await ending
    expect([life.state(), children.length]).toEqual(['starting', 2])
  })

  it('of a sleeping one is followed by a start only if something has come meanwhile', async () => {
    for (const [needed, state] of [[false, 'asleep'] as const, [true, 'starting'] as const]) {
      const ending = life.end('asleep')
      await settled()
      isNeeded = needed
      children.at(-1)?.ended()
      await ending
      expect(life.state()).toBe(state)
      if (!needed) await start()
    }
  })

  it('is not a crash, also when the exit is reported later', async () => {
    const ending = life.end('stopped')
    await settled()
    children[0]?.ended()
    await ending
    crash()
    expect([life.state(), life.crashes(), faults]).toEqual(['stopped', 0, []])
  })

  it('waits for a process that is being started', async () => {
    crash()
    life.wake()
    let hasEnded = false
    const ending = life.end('stopped').then(() => (hasEnded = true))
    await settled()
    children[1]?.spawned()
    await settled()
    expect(hasEnded).toBe(false)
    children[1]?.ended()
    await ending
    expect([life.state(), life.child()]).toEqual(['stopped', null])
  })
})

describe('a replacement', () => {
  beforeEach(start)
  const replace = async (meanwhile: () => void): Promise<void> => {
    const ending = life.replace('It hangs.')
    meanwhile()
    await settled()
    children[0]?.ended()
    await ending
  }

  it('counts as a crash, and starts it again if it is needed', async () => {
    isNeeded = true
    await replace(() => undefined)
    expect([life.state(), life.crashes()]).toEqual(['starting', 1])
  })

  it('is a plain end if that was asked for meanwhile', async () => {
    isNeeded = true
    await replace(() => void life.end('stopped'))
    expect([life.state(), life.crashes(), children.length]).toEqual(['stopped', 0, 1])
  })
})
