import { expect, test } from 'vitest'
import { barRows, barWords, callCounts, countWords, percentWords, toolBars, totalWords } from './tool-bars.ts'

const tools = [
  { tool: 'read_file', calls: 1, inputTokens: 10, outputTokens: 8_190 },
  { tool: 'find_symbol', calls: 3, inputTokens: 800, outputTokens: 1_000 },
]

test('toolBars puts the most called first, or the one with the most tokens', () => {
  expect(toolBars(tools, 'calls').map(({ tool, callShare }) => [tool, callShare])).toEqual([
    ['find_symbol', 0.75],
    ['read_file', 0.25],
  ])
  expect(toolBars(tools, 'tokens').map(({ tool, tokenShare }) => [tool, tokenShare])).toEqual([
    ['read_file', 0.82],
    ['find_symbol', 0.18],
  ])
  expect(toolBars([{ tool: 'x', calls: 0, inputTokens: 0, outputTokens: 0 }], 'calls')[0]?.callShare).toBe(0)
})

test('a bar and the totals have words and rows', () => {
  const [first] = toolBars(tools, 'calls')
  expect(first && barWords(first)).toBe('3 calls (75 %), 800 tokens in, 1,000 out')
  expect(totalWords(tools)).toBe('4 calls · 810 tokens in · 9.2K out')
  expect(totalWords([{ tool: 'x', calls: 3_043, inputTokens: 0, outputTokens: 0 }])).toContain('3,043 calls')
  expect(barRows(toolBars(tools, 'calls'))[1]).toEqual(['find_symbol', '3', '75', '800', '1000', '18'])
  expect([0, 0.004, 0.5].map(percentWords)).toEqual(['0 %', '< 1 %', '50 %'])
})

test('callCounts sums the instances per minute, whatever the length of their samples', () => {
  const counts = callCounts(
    [{ calls: [5, 1, null, 2], isCounted: true }, { calls: [1], isCounted: true }, { isCounted: false }],
    2,
    3,
  )
  expect(counts).toEqual({ perMinute: [0, 6, 3], total: 9, isCounted: true })
  expect(countWords(counts)).toBe('9 calls in the last hour, at most 6 in a minute')
})

test('countWords says when only the log shows the calls', () => {
  const counts = callCounts([{ calls: [1], isCounted: false }], 2, 2)
  expect(countWords(counts)).toBe('At least 1 call in the last hour, at most 1 in a minute')
  expect(countWords(callCounts([], 2, 2))).toBe('No calls in the last hour.')
})
