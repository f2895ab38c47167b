// What the pictures of the statistics show: one bar per tool with its shares, and calls per minute. Pure.
import type { ToolStats } from '#contract/details'
import { countOf } from '#contract/units'
import type { InstanceUsage } from '#contract/usage'
import { visibleLine } from '#contract/visible-text'
import { compactNumber, compareWords, groupedNumber } from '../../state/locale.ts'

export type ToolOrder = 'calls' | 'tokens'

export interface ToolBar {
  tool: string
  calls: number
  inputTokens: number
  outputTokens: number
  /** Of all calls; 0 to 1. */
  callShare: number
  /** Of all tokens; 0 to 1. */
  tokenShare: number
}

type Tools = ToolStats['tools']

const tokensOf = ({ inputTokens, outputTokens }: Tools[number]): number => inputTokens + outputTokens
const sumOf = (tools: Tools, of: (tool: Tools[number]) => number): number =>
  tools.reduce((sum, tool) => sum + of(tool), 0)
const shareOf = (part: number, all: number): number => (all === 0 ? 0 : part / all)

/** Returns a bar per tool, the largest first. */
export function toolBars(tools: Tools, order: ToolOrder): ToolBar[] {
  const calls = sumOf(tools, (tool) => tool.calls)
  const tokens = sumOf(tools, tokensOf)
  const size = order === 'calls' ? (tool: Tools[number]): number => tool.calls : tokensOf
  return [...tools]
    .sort((a, b) => size(b) - size(a) || b.calls - a.calls || compareWords(a.tool, b.tool))
    .map((tool) => ({
      ...tool,
      callShare: shareOf(tool.calls, calls),
      tokenShare: shareOf(tokensOf(tool), tokens),
    }))
}

/** Returns `55 %`, and `< 1 %` for a small share that is not zero. */
export const percentWords = (share: number): string =>
  share > 0 && share < 0.01 ? '< 1 %' : `${Math.round(share * 100)} %`

/** Returns `12 calls (55 %), 410 tokens in, 5,230 out`. */
export const barWords = ({ calls, callShare, inputTokens, outputTokens }: ToolBar): string =>
  `${countOf(calls, 'call')} (${percentWords(callShare)}), ${groupedNumber(inputTokens)} tokens in, ${groupedNumber(outputTokens)} out`

/** Returns `22 calls · 2.3K tokens in · 13.4K out`. */
export function totalWords(tools: Tools): string {
  const calls = sumOf(tools, (tool) => tool.calls)
  return [
    `${groupedNumber(calls)} ${calls === 1 ? 'call' : 'calls'}`,
    `${compactNumber(sumOf(tools, (tool) => tool.inputTokens))} tokens in`,
    `${compactNumber(sumOf(tools, (tool) => tool.outputTokens))} out`,
  ].join(' · ')
}

/** Returns the bars as a table. */
export const barRows = (bars: readonly ToolBar[]): string[][] => [
  ['Tool', 'Calls', 'Share of calls (%)', 'Tokens in', 'Tokens out', 'Share of tokens (%)'],
  ...bars.map((bar) => [
    visibleLine(bar.tool),
    ...[bar.calls, bar.callShare * 100, bar.inputTokens, bar.outputTokens, bar.tokenShare * 100].map(
      (value) => String(Math.round(value * 10) / 10),
    ),
  ]),
]

export interface CallCounts {
  /** Calls of all in each minute, oldest first. */
  perMinute: readonly number[]
  total: number
  /** False: 1 stands for one call or more. */
  isCounted: boolean
}

/** Returns the calls of the last hour. `stepsPerMinute`: samples that make up a minute; `minutes`: of the span. */
export function callCounts(
  usages: readonly Pick<InstanceUsage, 'calls' | 'isCounted'>[],
  stepsPerMinute: number,
  minutes: number,
): CallCounts {
  const perMinute = Array.from({ length: minutes }, () => 0)
  for (const { calls = [] } of usages)
    calls.forEach((count, at) => {
      const minute = minutes - 1 - Math.floor((calls.length - 1 - at) / stepsPerMinute)
      if (minute >= 0) perMinute[minute] = (perMinute[minute] ?? 0) + (count ?? 0)
    })
  return {
    perMinute,
    total: perMinute.reduce((sum, count) => sum + count, 0),
    isCounted: usages.every(({ calls = [], isCounted }) => isCounted || calls.every((count) => !count)),
  }
}

/** Returns `84 calls in the last hour, at most 9 in a minute`. */
export function countWords({ perMinute, total, isCounted }: CallCounts): string {
  if (total === 0) return 'No calls in the last hour.'
  const least = isCounted ? '' : 'At least '
  const most = Math.max(...perMinute)
  return `${least}${countOf(total, 'call')} in the last hour, at most ${most} in a minute`
}
