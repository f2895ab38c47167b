import { expect, test } from 'vitest'
import { USAGE_SAMPLES } from '#contract/usage'
import { createUsageTrace } from './usage-trace.ts'

const sample = (memoryMb: number | null, cpuPercent: number | null = null, calls = 0) => ({
  memoryMb,
  cpuPercent,
  calls,
})

test('returns nothing before the first sample', () => {
  expect(createUsageTrace().read(5)).toEqual({ memoryMb: [], cpuPercent: [], calls: [] })
})

test('keeps the last memory, the mean CPU use and the sum of the calls of a step', () => {
  const trace = createUsageTrace()
  trace.add(7, sample(100, 10, 1))
  trace.add(7, sample(120, 30, 2))
  expect(trace.read(7)).toEqual({ memoryMb: [120], cpuPercent: [20], calls: [3] })
})

test('marks steps without a sample as unknown', () => {
  const trace = createUsageTrace()
  trace.add(1, sample(100, 5))
  trace.add(4, sample(130, 6))
  expect(trace.read(5).memoryMb).toEqual([100, null, null, 130, null])
  expect(trace.read(5).cpuPercent).toEqual([5, null, null, 6, null])
})

test('keeps one hour', () => {
  const trace = createUsageTrace()
  for (let step = 0; step < USAGE_SAMPLES + 10; step++) trace.add(step, sample(step))
  const { memoryMb } = trace.read(USAGE_SAMPLES + 9)
  expect(memoryMb).toHaveLength(USAGE_SAMPLES)
  expect([memoryMb[0], memoryMb.at(-1)]).toEqual([10, USAGE_SAMPLES + 9])
})

test('forgets everything after a pause of more than an hour', () => {
  const trace = createUsageTrace()
  trace.add(1, sample(100))
  trace.add(1_000_000, sample(50))
  expect(trace.read(1_000_000).memoryMb).toEqual([50])
  expect(trace.read(2_000_000).memoryMb).toEqual([])
})

test('keeps extreme values within its fields', () => {
  const trace = createUsageTrace()
  trace.add(1, sample(1e12, 1e9, 1e6))
  expect(trace.read(1)).toEqual({ memoryMb: [4_294_967_294], cpuPercent: [65_534], calls: [255] })
})

test('holds its samples in 840 bytes', () => {
  const { arrayBuffers: before } = process.memoryUsage()
  const traces = Array.from({ length: 1_000 }, createUsageTrace)
  expect((process.memoryUsage().arrayBuffers - before) / traces.length).toBeLessThan(1_000)
})
