// An instance in words, the same in tabs, table and details. Pure.
import { dashboardUrl, formatPort } from '#contract/dashboard-address'
import type { Instance } from '#contract/instance'
import { visibleLine } from '#contract/visible-text'
import { labelLines, labelParts } from './label-words.ts'
import { exactTime } from './locale.ts'
import { briefOwnerLine, ownerLine, usersLine } from './owner-line.ts'
import { ago } from './relative-time.ts'
import { shortPath } from './short-path.ts'

/** Returns the first sentence of the evidence: why the instance is in its state. */
export const mainReason = (instance: Instance): string =>
  visibleLine(instance.verdict.evidence[0] ?? instance.state)

/** Returns the second line of a tab: what the user keeps for its project; then the reason of a red instance, otherwise owner, port and last activity. Only `words` is shortened. */
export function secondLine(instance: Instance, nowMs: number): { words: string; numbers: string } {
  const inLine = (words: string | null): string =>
    [...labelParts(instance), words].filter((part) => part !== null).join(' · ')
  if (instance.colour === 'red') return { words: inLine(mainReason(instance)), numbers: '' }
  const numbers = [
    instance.port === null ? null : formatPort(instance),
    ago(instance.lastActivityAt, nowMs),
  ].filter((part) => part !== null)
  return { words: inLine(briefOwnerLine(instance)), numbers: numbers.join(' · ') }
}

/** Returns the tooltip of a tab. */
export function tabTooltip(instance: Instance): string {
  const { pid, port, state, flags, owner, project, startedAt, lastActivityAt, hubSerena } = instance
  return [
    visibleLine(instance.title),
    ...labelLines(instance),
    [state, ...flags].join(', '),
    ...instance.verdict.evidence.map(visibleLine),
    ...(owner === null ? [] : [`Owner: ${ownerLine({ owner })}`]),
    ...(hubSerena === undefined ? [] : [`Clients: ${usersLine(instance)}`]),
    ...(project?.path ? [`Folder: ${shortPath(project.path)}`] : []),
    ...(pid === null ? [] : [`Process ID: ${pid}`]),
    ...(port === null ? [] : [`Dashboard: ${dashboardUrl(instance)}`]),
    ...(lastActivityAt === null ? [] : [`Last activity: ${exactTime(lastActivityAt)}`]),
    ...(startedAt === null ? [] : [`Started: ${exactTime(startedAt)}`]),
  ].join('\n')
}
