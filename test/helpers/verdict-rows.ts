// Rows of the second table of docs/dev/verdicts.md, printed by the tests that prove them (scripts/verdict-table.mjs collects them).
import type { Instance } from '#contract/instance'

export interface VerdictRow {
  situation: string
  /** A client uses it. */
  isServed: boolean
  /** The verdict of a backend started before; optional: of one started after, and of one without the native calls. */
  seen: Instance | undefined
  late?: Instance | undefined
  blind?: Instance | undefined
}

const words = (instance: Instance | undefined): string =>
  instance === undefined ? 'not listed' : [instance.state, ...instance.flags].join(', ')

/** Prints a row when VERDICT_ROWS is set. */
export function printVerdictRow({ situation, isServed, seen, ...others }: VerdictRow): void {
  if (process.env['VERDICT_ROWS'] === undefined) return
  const cells = [
    situation,
    isServed ? 'yes' : 'no',
    words(seen),
    'late' in others ? words(others.late) : '–',
    'blind' in others ? words(others.blind) : '–',
    (seen?.verdict.evidence ?? []).slice(0, 3).join(' '),
  ]
  console.log(`VERDICT| ${cells.join(' | ')} |`)
}
