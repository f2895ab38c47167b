// The flags with which a client's entry overrides the dashboard settings of `serena_config.yml`. Pure.
import type { ClientFlag } from '#contract/settings'
import { parseSerenaCommand } from '../../serena/command-line.ts'

export type DashboardFlag = Pick<ClientFlag, 'flag' | 'effect'>

/** What Serena reads as true and as false. */
const TRUE = /^(true|1|yes|on|t|y)$/
const FALSE = /^(false|0|no|off|f|n)$/

const EFFECTS: readonly { flag: string; value: RegExp; effect: ClientFlag['effect'] }[] = [
  { flag: '--open-web-dashboard', value: TRUE, effect: 'opens' },
  { flag: '--open-web-dashboard', value: FALSE, effect: 'stays-closed' },
  { flag: '--enable-web-dashboard', value: FALSE, effect: 'no-dashboard' },
]

/** Returns the flags of a command line that starts a Serena, directly or through launchers; none for any other program. */
export function dashboardFlags(argv: readonly string[]): DashboardFlag[] {
  if (!parseSerenaCommand(argv)) return []
  // A shell's script is one argument: the flags are words inside of it.
  const words = argv.flatMap((argument) => argument.split(/[\s"']+/))
  return EFFECTS.flatMap(({ flag, value, effect }) => {
    const given = lastValue(words, flag)
    return given !== null && value.test(given) ? [{ flag: `${flag} ${given}`, effect }] : []
  })
}

/** If a flag is given twice, the last one counts. */
function lastValue(words: readonly string[], flag: string): string | null {
  const at = words.findLastIndex((word) => word === flag || word.startsWith(`${flag}=`))
  if (at < 0) return null
  const value = words[at] === flag ? words[at + 1] : words[at]?.slice(flag.length + 1)
  return value?.toLowerCase() ?? null
}
