// Whose time is up, on a clock of the test: entries by default, processes only where the home says so, each once.
import { beforeEach, expect, it } from 'vitest'
import type { EndingPlanItem } from '#contract/ending'
import { type Instance, type State } from '#contract/instance'
import { instance } from '#contract/instance.fixture'
import { createPruner, type Pruner, RETRY_MS } from './pruner.ts'

const MINUTE = 60_000
let nowMs = 0
let instances: Instance[] = []
let minutes: number | null = null
let unchecked: string[] = []
let ended: string[][] = []
let plans = 0
let pruner: Pruner

const instanceOf = (pid: number, state: State, more: Partial<Instance> = {}) =>
  instance(pid, { state, ...more })

const itemOf = ({ id, title }: Instance): EndingPlanItem => ({
  id,
  title,
  why: [],
  how: 'force',
  processes: 1,
  memoryBytes: null,
  checked: !unchecked.includes(id),
  refusal: null,
})

beforeEach(() => {
  nowMs = 0
  instances = []
  minutes = null
  unchecked = []
  ended = []
  plans = 0
  pruner = createPruner({
    instances: () => instances,
    settingsOf: () => ({ zombiePruneMinutes: minutes }),
    plan() {
      plans++
      return Promise.resolve({
        schema: 1,
        plan: instances.filter(({ colour }) => colour === 'red').map(itemOf),
      })
    },
    end({ ids, scope, mode }) {
      expect([scope, mode]).toEqual(['red', 'kill'])
      ended.push([...ids])
      return Promise.resolve({ schema: 1, ended: [], refused: [], survivors: [] })
    },
    now: () => nowMs,
  })
})

async function at(timeMs: number): Promise<string[][]> {
  nowMs = timeMs
  await pruner.tick()
  return ended.splice(0)
}

const idOf = (pid: number): string => instance(pid).id

it('removes a dead entry after five minutes by default, but ends no process', async () => {
  instances = [
    instanceOf(1, 'dead'),
    instanceOf(2, 'orphaned'),
    instanceOf(3, 'leftover'),
    instanceOf(4, 'hung'),
  ]
  expect(await at(0)).toEqual([])
  expect(await at(5 * MINUTE - 1)).toEqual([])
  expect(plans).toBe(0)
  expect(await at(5 * MINUTE)).toEqual([[idOf(1)]])
})

it('ends processes where the home sets it, with fractions', async () => {
  minutes = 0.5
  instances = [
    instanceOf(1, 'dead'),
    instanceOf(2, 'orphaned'),
    instanceOf(3, 'leftover'),
    instanceOf(4, 'live'),
  ]
  await at(0)
  expect(await at(0.5 * MINUTE)).toEqual([[idOf(1), idOf(2), idOf(3)]])
})

it('prunes nothing where the home sets .inf', async () => {
  minutes = Number.POSITIVE_INFINITY
  instances = [instanceOf(1, 'dead'), instanceOf(2, 'orphaned')]
  await at(0)
  expect(await at(1e9 * MINUTE)).toEqual([])
})

it('follows a change of the setting', async () => {
  instances = [instanceOf(2, 'orphaned')]
  await at(0)
  expect(await at(100 * MINUTE)).toEqual([])
  minutes = 60
  expect(await at(101 * MINUTE)).toEqual([[idOf(2)]])
})

it('restarts the time after a recovery, and while the verdict is not certain', async () => {
  minutes = 1
  instances = [instanceOf(2, 'orphaned')]
  await at(0)
  instances = [instanceOf(2, 'live')]
  await at(0.9 * MINUTE)
  instances = [instanceOf(2, 'orphaned')]
  expect(await at(1 * MINUTE)).toEqual([])
  expect(await at(1.9 * MINUTE)).toEqual([])
  instances = [instanceOf(2, 'orphaned', { verdict: { certainty: 'probable', evidence: [] } })]
  expect(await at(3 * MINUTE)).toEqual([])
  instances = [instanceOf(2, 'orphaned', { flags: ['finishing'] })]
  expect(await at(9 * MINUTE)).toEqual([])
})

it('leaves items that are not preselected: a hung instance whose client is running', async () => {
  minutes = 1
  instances = [instanceOf(4, 'hung'), instanceOf(5, 'hung')]
  unchecked = [idOf(4)]
  await at(0)
  expect(await at(MINUTE)).toEqual([[idOf(5)]])
})

it('does not repeat a failed attempt at every tick', async () => {
  instances = [instanceOf(1, 'dead')]
  await at(0)
  expect(await at(5 * MINUTE)).toHaveLength(1)
  expect(await at(5 * MINUTE + RETRY_MS - 1)).toEqual([])
  expect(await at(5 * MINUTE + RETRY_MS)).toHaveLength(1)
})

it('needs a known home for a process, not for an entry', async () => {
  const own = createPruner({
    instances: () => instances,
    settingsOf: () => null,
    plan: () => Promise.resolve({ schema: 1, plan: instances.map(itemOf) }),
    end({ ids }) {
      ended.push([...ids])
      return Promise.resolve({ schema: 1, ended: [], refused: [], survivors: [] })
    },
    now: () => nowMs,
  })
  instances = [instanceOf(1, 'dead'), instanceOf(2, 'orphaned')]
  await own.tick()
  nowMs = 10 * MINUTE
  await own.tick()
  expect(ended).toEqual([[idOf(1)]])
})

it('runs one tick at a time', async () => {
  instances = [instanceOf(1, 'dead')]
  await at(0)
  nowMs = 5 * MINUTE
  await Promise.all([pruner.tick(), pruner.tick()])
  expect(ended).toHaveLength(1)
})

it('never ends what the user leaves alone, nor plans for it', async () => {
  minutes = 1
  instances = [instanceOf(1, 'orphaned', { isLeftAlone: true }), instanceOf(2, 'dead', { isLeftAlone: true })]
  expect(await at(0)).toEqual([])
  expect(await at(60 * MINUTE)).toEqual([])
  expect(plans).toBe(0)
  instances = instances.map(({ isLeftAlone: _, ...rest }) => rest)
  await at(61 * MINUTE)
  expect((await at(90 * MINUTE)).flat()).toHaveLength(2)
})
