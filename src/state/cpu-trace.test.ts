import { expect, test } from 'vitest'
import { TRACE_LENGTH, tracePoints, tracesAfter } from './cpu-trace.ts'

test('each look adds its number; who is gone or not known has none', () => {
  const first = tracesAfter(new Map(), [
    { id: 'a', cpuPercent: 3 },
    { id: 'b', cpuPercent: null },
  ])
  expect([...first]).toEqual([['a', [3]]])
  const second = tracesAfter(first, [
    { id: 'a', cpuPercent: 5 },
    { id: 'b', cpuPercent: 1 },
  ])
  expect([...second]).toEqual([
    ['a', [3, 5]],
    ['b', [1]],
  ])
  expect([...tracesAfter(second, [{ id: 'b', cpuPercent: 0 }])]).toEqual([['b', [1, 0]]])
})

test('it does not grow for ever', () => {
  let traces = tracesAfter(new Map(), [])
  for (let look = 0; look < TRACE_LENGTH + 5; look += 1)
    traces = tracesAfter(traces, [{ id: 'a', cpuPercent: look }])
  expect(traces.get('a')).toHaveLength(TRACE_LENGTH)
  expect(traces.get('a')?.at(-1)).toBe(TRACE_LENGTH + 4)
})

test('the newest stands at the right edge, and more than the whole does not leave the box', () => {
  const box = { width: 29, height: 10 }
  expect(tracePoints([0, 50, 300], box, 100)).toBe('27.0,10.0 28.0,5.0 29.0,0.0')
  expect(tracePoints([], box, 100)).toBe('')
})
