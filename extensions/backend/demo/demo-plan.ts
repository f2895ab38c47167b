// The stand-ins of the demo. Pure.
import type { StandInInput } from './stand-in-options.ts'

export interface DemoMember {
  project: string | null
  context: string
  options: Omit<StandInInput, 'project'>
}

const NAMES = ['shop-api', 'shop-web', 'billing', 'search', 'mobile-app', 'design-system', 'docs', 'infra']
const CONTEXTS = ['claude-code', 'ide', 'desktop-app', 'codex']

const pick = (words: readonly string[], index: number): string => words[index % words.length] ?? ''

/** Live and idle stand-ins, every fourth idle; names are numbered from the second round on. */
function manyMembers(count: number): DemoMember[] {
  return Array.from({ length: count }, (_, index) => {
    const round = Math.floor(index / NAMES.length)
    const name = pick(NAMES, index) + (round === 0 ? '' : `-${round + 1}`)
    return {
      project: index % 4 === 3 ? null : name,
      context: pick(CONTEXTS, index),
      options: { logLinesPerSecond: index === 0 ? 2 : 0 },
    }
  })
}

/**
 * Returns the plan: live, idle, hung, starting, and one more live one (the dead one is a registry entry, not a process), or `count` live
 * and idle ones. The hung one answers first, so that its dashboard is known; the starting one opens its own before it would count as an
 * instance without a dashboard. The last is an older Serena on the project of the first: the two are flagged.
 */
export function planDemo(count: number | null): DemoMember[] {
  if (count !== null) return manyMembers(count)
  return [
    { project: 'shop-api', context: 'claude-code', options: { logLinesPerSecond: 1 } },
    { project: null, context: 'ide', options: {} },
    { project: 'old-thing', context: 'codex', options: { hangsAfterMs: 3000, hangsAfterAnswers: 3 } },
    { project: 'shop-web', context: 'ide', options: { dashboard: 'late', opensAfterMs: 50_000 } },
    { project: 'shop-api', context: 'codex', options: { version: '1.7.0' } },
  ]
}
