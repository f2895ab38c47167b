import { expect, test } from 'vitest'
import { sumTools } from './tool-sums.ts'

test('sums per tool, most called first', () => {
  const row = (tool: string, calls: number) => ({
    tool,
    calls,
    inputTokens: calls * 2,
    outputTokens: calls * 3,
  })
  const stats = [
    { estimator: 'x', tools: [row('a', 1), row('b', 5)] },
    { estimator: null, tools: [row('a', 9)] },
  ]
  expect(sumTools(stats)).toEqual([row('a', 10), row('b', 5)])
  expect(sumTools([])).toEqual([])
})
