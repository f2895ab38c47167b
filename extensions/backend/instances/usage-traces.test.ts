import { expect, test } from 'vitest'
import { instance } from '#contract/instance.fixture'
import { createUsageTraces, type UsageScan } from './usage-traces.ts'

const STEP = 30_000

function setUp() {
  let nowMs = 10 * STEP
  let wallMs = Date.UTC(2026, 10, 23, 12)
  const traces = createUsageTraces({
    clock: { wall: () => wallMs, monotonic: () => nowMs },
    hub: () => null,
  })
  return {
    traces,
    pass(ms: number, wallStepMs = ms) {
      nowMs += ms
      wallMs += wallStepMs
    },
  }
}

test('samples memory and CPU of each instance and the total', () => {
  const { traces, pass } = setUp()
  const first = instance(1, { memoryBytes: 100_000_000, cpuPercent: 3 })
  const second = instance(2, { memoryBytes: 50_400_000, cpuPercent: null })
  traces.take({ instances: [first, second] })
  pass(STEP)
  traces.take({ instances: [{ ...first, memoryBytes: 110_000_000 }, second] })
  const usage = traces.read(null)
  expect(usage.instances).toEqual([
    { id: first.id, memoryMb: [100, 110], cpuPercent: [3, 3], isCounted: false },
    { id: second.id, memoryMb: [50, 50], cpuPercent: [null, null], isCounted: false },
  ])
  expect(usage.totalMb).toEqual([150, 160])
  expect(usage.endsAt).toBe('2026-11-23T12:01:00.000Z')
  expect(traces.read(second.id).instances.map(({ id }) => id)).toEqual([second.id])
})

test('shows the running step from its first scan on', () => {
  const { traces, pass } = setUp()
  traces.take({ instances: [instance(1)] })
  pass(STEP)
  expect(traces.read(null).instances[0]?.memoryMb).toEqual([612])
  pass(STEP)
  expect(traces.read(null).instances[0]?.memoryMb).toEqual([612, null])
})

test('a change of the time moves no sample', () => {
  const { traces, pass } = setUp()
  traces.take({ instances: [instance(1)] })
  pass(STEP, -3_600_000)
  traces.take({ instances: [instance(1)] })
  expect(traces.read(null).instances[0]?.memoryMb).toEqual([612, 612])
})

test('an instance that is asleep uses nothing, and a handover keeps the samples', () => {
  const { traces, pass } = setUp()
  const running = instance(1, { memoryBytes: 200_000_000 })
  const asleep = instance(2, { id: 'hub-1', state: 'asleep', memoryBytes: null, cpuPercent: null })
  traces.take({ instances: [running] })
  traces.follow([{ from: running.id, to: asleep.id }])
  pass(STEP)
  traces.take({ instances: [asleep] })
  expect(traces.read(null).instances).toEqual([
    { id: asleep.id, memoryMb: [200, 0], cpuPercent: [1, null], isCounted: false },
  ])
})

test('reports each scan with the total and the active instances', () => {
  const { traces, pass } = setUp()
  const scans: UsageScan[] = []
  traces.onScan((scan) => scans.push(scan))
  const quiet = instance(1, { lastActivityAt: '2026-11-23T09:00:00.000Z' })
  traces.take({ instances: [quiet] })
  pass(1_000)
  traces.take({ instances: [{ ...quiet, lastActivityAt: '2026-11-23T12:00:00.000Z' }] })
  expect(scans).toEqual([
    { atMs: Date.UTC(2026, 10, 23, 12), totalMb: 612, active: [] },
    { atMs: Date.UTC(2026, 10, 23, 12, 0, 1), totalMb: 612, active: [quiet.id] },
  ])
  expect(traces.read(null).instances[0]?.calls).toEqual([1])
})
