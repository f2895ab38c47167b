// How findings are named and ordered. Pure.
import type { Finding, Severity } from '#contract/doctor'
import type { HealthCount } from '#contract/health'
import type { Instance } from '#contract/instance'
import { countOf } from '#contract/units'
import { shortPath } from '../../state/short-path.ts'
import type { Tone } from '../../ui/mark.tsx'

export const SEVERITIES: readonly { severity: Severity; title: string; tone: Tone; mark: string }[] = [
  { severity: 'error', title: 'Errors', tone: 'red', mark: '✕' },
  { severity: 'warning', title: 'Warnings', tone: 'yellow', mark: '!' },
  { severity: 'info', title: 'Hints', tone: 'blue', mark: 'i' },
]

/** `3 problems`: errors and warnings. Empty: there are none. */
export function problemsText(count: HealthCount | null): string {
  const problems = (count?.errors ?? 0) + (count?.warnings ?? 0)
  return problems === 0 ? '' : countOf(problems, 'problem')
}

/** `~/.claude.json:12` */
export const placeOf = ({ file, line }: Finding): string =>
  file === null ? '' : `${shortPath(file)}${line === null ? '' : `:${line}`}`

/** Returns the findings about an instance: they name its process or its project folder. */
export function findingsAbout(
  findings: readonly Finding[],
  { pid, project }: Pick<Instance, 'pid' | 'project'>,
): Finding[] {
  const folder = project?.path ?? null
  const isPid = pid === null ? null : new RegExp(`\\b(process|pid) ${pid}\\b`, 'i')
  return findings.filter((finding) => {
    const texts = [finding.title, ...finding.evidence]
    return (
      (isPid !== null && texts.some((text) => isPid.test(text))) ||
      (folder !== null && [finding.file ?? '', ...texts].some((text) => hasPath(text, folder)))
    )
  })
}

/** True if the text names this folder or something in it, and not one whose name only begins the same. */
function hasPath(text: string, folder: string): boolean {
  const at = text.indexOf(folder)
  return at >= 0 && !/[\w.-]/.test(text.charAt(at + folder.length))
}
