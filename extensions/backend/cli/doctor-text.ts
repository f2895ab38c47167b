// The findings of the doctor as text for a terminal. Pure.
import { styleText } from 'node:util'
import type { Finding, Severity } from '#contract/doctor'
import { countOf } from '#contract/units'
import { visibleLine } from '#contract/visible-text'
import type { Examination } from '../doctor/doctor.ts'

const WIDTH = 80
const INDENT = '    '
const GROUPS: readonly { severity: Severity; one: string; mark: string; color: 'red' | 'yellow' | 'blue' }[] =
  [
    { severity: 'error', one: 'error', mark: '✕', color: 'red' },
    { severity: 'warning', one: 'warning', mark: '!', color: 'yellow' },
    { severity: 'info', one: 'suggestion', mark: 'i', color: 'blue' },
  ]

interface TextOptions {
  hasColours: boolean
  /** Written as `~`; null: paths stay whole. */
  home: string | null
}

/** Returns a summary, then the findings by severity, each with its reason, fix, evidence and id. Ends with a newline. */
export function doctorText(
  {
    report,
    ignored,
    configs,
  }: Pick<Examination, 'report' | 'ignored'> & { configs: { files: readonly unknown[] } },
  options: TextOptions,
): string {
  const { findings, entries } = report
  const looked = `${countOf(configs.files.length, 'configuration file')}, ${countOf(entries.length, 'entry', 'entries')} for Serena`
  const left = ignored.length === 0 ? '' : ` ${countOf(ignored.length, 'finding')} ignored.`
  if (findings.length === 0) return `No problems found: ${looked}.${left}\n`
  const counts = GROUPS.flatMap(({ severity, one }) => {
    const count = findings.filter((finding) => finding.severity === severity).length
    return count === 0 ? [] : [countOf(count, one)]
  })
  const groups = GROUPS.flatMap((group) =>
    findings
      .filter(({ severity }) => severity === group.severity)
      .map((finding) => findingText(finding, group, options)),
  )
  return `${[`${counts.join(', ')}: ${looked}.${left}`, ...groups, HINT].join('\n\n')}\n`
}

const HINT = 'Ignore one with `serena-deck doctor --ignore ID --reason TEXT`.'

function findingText(
  { id, title, why, fix, evidence }: Finding,
  { mark, color }: (typeof GROUPS)[number],
  { hasColours, home }: TextOptions,
): string {
  const paint = (text: string): string => (hasColours ? styleText(color, text) : text)
  const shown = (text: string): string => visibleLine(home === null ? text : text.replaceAll(home, '~'))
  const [first = '', ...rest] = wrapped(shown(title), WIDTH - 2)
  return [
    `${paint(mark)} ${first}`,
    ...rest.map((line) => `  ${line}`),
    ...evidence.flatMap((line) => hanging(shown(line), INDENT)),
    ...hanging(shown(why), '  '),
    ...(fix === null ? [] : hanging(`Fix: ${shown(fix)}`, '  ')),
    `  ${id}`,
  ].join('\n')
}

const hanging = (text: string, indent: string): string[] =>
  wrapped(text, WIDTH - indent.length).map((line) => `${indent}${line}`)

/** Lines of at most that width; a longer word, such as a path, stays whole. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}
