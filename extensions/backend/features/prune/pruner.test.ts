// Whose time is up, on a clock of the test: entries by default, processes only where the home says so, each once.
import { beforeEach, expect, it } from 'vitest'
import type { EndingPlanItem } from '#contract/ending'
import { type Instance, STATE_COLOUR, type State } from '#contract/instance'
import { createPruner, type Pruner, RETRY_MS } from './pruner.ts'

const MINUTE = 60_000
let nowMs = 0
let instances: Instance[] = []
let minutes: number | null = null
let unchecked: string[] = []
let ended: string[][] = []
let plans = 0
let pruner: Pruner

const instanceOf = (pid: number, state: State, more: Partial<Instance> = {}): Instance => ({
  id: `${pid}-000000000000`,
  pid,
  startedAt: null,
  port: null,
  title: `${pid}`,
  state,
  colour: STATE_COLOUR[state],
  flags: [],
  verdict: { certainty: 'certain', evidence: [] },
  project: null,
  context: null,
  modes: [],
  transport: null,
  serenaVersion: null,
  owner: null,
  memoryBytes: null,
  memoryKind: null,
  cpuPercent: null,
  processCount: 0,
  lastActivityAt: null,
  sources: [],
  ...more,
})

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

const idOf = (pid: number): string => `${pid}-000000000000`

it('removes a dead entry after five minutes where the home says nothing, and no process', async () => {
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

it('ends processes where the home says so, fractions too', async () => {
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

it('never, where the home says .inf', async () => {
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

it('begins anew with one that recovered meanwhile, and with one of the same name that is not certain', async () => {
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

it('leaves what only a hand may choose: a hung one whose client lives', async () => {
  minutes = 1
  instances = [instanceOf(4, 'hung'), instanceOf(5, 'hung')]
  unchecked = [idOf(4)]
  await at(0)
  expect(await at(MINUTE)).toEqual([[idOf(5)]])
})

it('does not try again at every tick what stays', async () => {
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

it('does one thing at a time', async () => {
  instances = [instanceOf(1, 'dead')]
  await at(0)
  nowMs = 5 * MINUTE
  await Promise.all([pruner.tick(), pruner.tick()])
  expect(ended).toHaveLength(1)
})
