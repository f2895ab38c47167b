// Which stand-ins the demo starts. Pure.
import type { StandInInput } from './stand-in-options.ts'

export interface DemoMember {
  project: string | null
  context: string
  options: Omit<StandInInput, 'project'>
}

const NAMES = ['shop-api', 'shop-web', 'billing', 'search', 'mobile-app', 'design-system', 'docs', 'infra']
const CONTEXTS = ['claude-code', 'ide', 'desktop-app', 'codex']

const pick = (words: readonly string[], index: number): string => words[index % words.length] ?? ''

/** Live and idle ones, every fourth idle; names get a number from the second round on. */
function crowd(count: number): DemoMember[] {
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
 * Live, idle, hung, starting, and one more live one (the dead one is a registry entry, not a process), or `count` live and idle ones.
 * The hung one answers first, so that it is known to have had a dashboard; the starting one opens its own at last, before it
 * would count as one without. The last is an older Serena on the project of the first: the two are flagged.
 */
export function planDemo(count: number | null): DemoMember[] {
  if (count !== null) return crowd(count)
  return [
    { project: 'shop-api', context: 'claude-code', options: { logLinesPerSecond: 1 } },
    { project: null, context: 'ide', options: {} },
    { project: 'old-thing', context: 'codex', options: { hangsAfterMs: 3000, hangsAfterAnswers: 3 } },
    { project: 'shop-web', context: 'ide', options: { dashboard: 'late', opensAfterMs: 50_000 } },
    { project: 'shop-api', context: 'codex', options: { version: '1.7.0' } },
  ]
}
