import { expect, test } from 'vitest'
import { cpuTraceWords, memoryTraceWords, paddedSamples } from './usage-words.ts'

test('memoryTraceWords names the range', () => {
  expect(memoryTraceWords({ memoryMb: [180, null, 1_200] })).toBe('Memory in the last hour: 180 MB to 1.2 GB')
  expect(memoryTraceWords({ memoryMb: [180, 180] })).toBe('Memory in the last hour: 180 MB')
  expect(memoryTraceWords({ memoryMb: [null] })).toBe('')
  expect(memoryTraceWords(undefined)).toBe('')
})

test('cpuTraceWords names the largest', () => {
  expect(cpuTraceWords({ cpuPercent: [0, 34, null] })).toBe('CPU in the last hour: up to 34 %')
  expect(cpuTraceWords(undefined)).toBe('')
})

test('paddedSamples covers the same time for all', () => {
  expect(paddedSamples([1, null], 4)).toEqual([null, null, 1, null])
  expect(paddedSamples([1, 2, 3], 2)).toEqual([2, 3])
  expect(paddedSamples(undefined, 2)).toEqual([null, null])
})
