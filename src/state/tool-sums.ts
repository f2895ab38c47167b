// Sums the statistics of many instances. Pure.
import type { ToolStats } from '#contract/details'
import { compareWords } from './locale.ts'

/** Returns calls and tokens per tool over all, most called first. */
export function sumTools(stats: readonly ToolStats[]): ToolStats['tools'] {
  const byTool = new Map<string, ToolStats['tools'][number]>()
  for (const { tool, calls, inputTokens, outputTokens } of stats.flatMap(({ tools }) => tools)) {
    const sum = byTool.get(tool) ?? { tool, calls: 0, inputTokens: 0, outputTokens: 0 }
    byTool.set(tool, {
      tool,
      calls: sum.calls + calls,
      inputTokens: sum.inputTokens + inputTokens,
      outputTokens: sum.outputTokens + outputTokens,
    })
  }
  return [...byTool.values()].sort((a, b) => b.calls - a.calls || compareWords(a.tool, b.tool))
}
