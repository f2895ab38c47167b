// An instance in the words and signs of the page: alike in tabs, table and detail. Pure.
import { dashboardUrl, formatPort } from '#contract/dashboard-address'
import type { Colour, Instance, State } from '#contract/instance'
import { briefOwnerWords, ownerWords } from '#contract/owner-words'
import { countOf, formatSpan } from '#contract/units'
import { visibleLine } from '#contract/visible-text'
import { exactTime } from '../state/locale.ts'
import type { MarkShape } from '../ui/mark.tsx'

export const SHAPES: Readonly<Record<State, MarkShape>> = {
  live: 'full',
  idle: 'half',
  starting: 'dashes',
  suspended: 'bars',
  unknown: 'ring',
  'no-dashboard': 'ring',
  dead: 'cross',
  orphaned: 'cross',
  leftover: 'cross',
  hung: 'cross',
}

export const COLOUR_SHAPES: Readonly<Record<Colour, MarkShape>> = {
  green: 'full',
  yellow: 'half',
  red: 'cross',
  blue: 'dashes',
  grey: 'ring',
}

/** Names of others may hold what hides or reorders text. */
export const shown = (text: string): string => visibleLine(text)

/** `2 min ago`, `now`; null: not known. */
export function ago(iso: string | null, nowMs: number): string | null {
  if (iso === null) return null
  const spanMs = nowMs - Date.parse(iso)
  return spanMs < 60_000 ? 'now' : `${formatSpan(spanMs)} ago`
}

/** `< 1 min`, `3 h 12 min`; null: not known, or its process is gone and grows no older. */
export function age(
  { startedAt, state }: Pick<Instance, 'startedAt' | 'state'>,
  nowMs: number,
): string | null {
  if (startedAt === null || state === 'dead') return null
  const spanMs = nowMs - Date.parse(startedAt)
  return spanMs < 60_000 ? '< 1 min' : formatSpan(spanMs)
}

/** `~/shop` for what lies in a home folder as the systems have them. */
export function shortPath(path: string): string {
  return shown(path.replace(/^(\/home\/[^/]+|\/Users\/[^/]+|\/root|[A-Z]:\\Users\\[^\\]+)(?=[/\\,]|$)/i, '~'))
}

type Owned = Pick<Instance, 'owner'> & Partial<Pick<Instance, 'project'>>

/** `Claude Code in ~/shop, terminal 3, since 14:02`, the folder only where the project's name does not tell it; null: no owner is known. */
export const ownerLine = ({ owner, project = null }: Owned): string | null =>
  owner && shown(ownerWords({ ...owner, detail: detailBeside(project, owner.detail) }))

/** The same without the time. */
const briefOwnerLine = ({ owner, project = null }: Owned): string | null =>
  owner && shown(briefOwnerWords({ ...owner, detail: detailBeside(project, owner.detail) }))

/** What the detail of an owner, which begins with its folder, tells beside its project. */
function detailBeside(project: Instance['project'], detail: string | null): string | null {
  if (detail === null) return null
  const words = shortPath(detail)
  const folder = project?.path ? shortPath(project.path) : null
  if (folder === null || folder.split(/[/\\]/).at(-1) !== shown(project?.name ?? '')) return words
  if (words === folder) return null
  return words.startsWith(`${folder}, `) ? words.slice(folder.length + 2) : words
}

/** The one sentence that matters most: why it is in its state. */
export const reason = (instance: Instance): string => shown(instance.verdict.evidence[0] ?? instance.state)

type Ended = Pick<Instance, 'title' | 'state'>

/** Of the dead only their entries are left, and nothing ends. */
export const endingVerb = (instances: readonly Ended[]): 'End' | 'Remove' =>
  instances.length > 0 && instances.every(({ state }) => state === 'dead') ? 'Remove' : 'End'

/** What their ending is called: `End 24284 - shop`, `Remove the entry of 4263 - forgotten`, `End 2 instances`. */
export function endingTitle(instances: readonly Ended[]): string {
  const verb = endingVerb(instances)
  const [one, ...others] = instances
  if (!one || others.length > 0)
    return `${verb} ${verb === 'End' ? countOf(instances.length, 'instance') : countOf(instances.length, 'entry', 'entries')}`
  return verb === 'End' ? `End ${shown(one.title)}` : `Remove the entry of ${shown(one.title)}`
}

/** The second line of a tab: the reason of a red one, else its owner, then port and last activity, which are never cut. */
export function secondLine(instance: Instance, nowMs: number): { words: string; numbers: string } {
  if (instance.colour === 'red') return { words: reason(instance), numbers: '' }
  const numbers = [
    instance.port === null ? null : formatPort(instance),
    ago(instance.lastActivityAt, nowMs),
  ].filter((part) => part !== null)
  return { words: briefOwnerLine(instance) ?? '', numbers: numbers.join(' · ') }
}

/** What hovering over a tab tells. */
export function tabTooltip(instance: Instance): string {
  const { pid, port, state, flags, owner, project, startedAt, lastActivityAt } = instance
  return [
    shown(instance.title),
    [state, ...flags].join(', '),
    ...instance.verdict.evidence.map(shown),
    ...(owner === null ? [] : [`owner ${ownerLine({ owner })}`]),
    ...(project?.path ? [`folder ${shortPath(project.path)}`] : []),
    ...(pid === null ? [] : [`process id ${pid}`]),
    ...(port === null ? [] : [`dashboard ${dashboardUrl(instance)}`]),
    ...(lastActivityAt === null ? [] : [`last activity ${exactTime(lastActivityAt)}`]),
    ...(startedAt === null ? [] : [`started ${exactTime(startedAt)}`]),
  ].join('\n')
}

const FLAG_WORDS: Readonly<Record<Instance['flags'][number], string>> = {
  'probably-orphaned': 'Its client is probably gone.',
  disconnected: 'Its client closed the connection but still runs.',
  collision: 'Another instance works on the same project.',
  duplicate: 'The same client started another instance for the same project.',
  stuck: 'One execution has been running for more than 5 minutes.',
  slow: 'Its last look was not answered.',
  finishing: 'An execution is still running.',
  flapping: 'Its client starts it again and again.',
  exposed: 'It listens beyond this machine.',
  outdated: 'A newer Serena is installed or published.',
}

/** What hovering over a flag tells: its own words of this instance, where it has any. */
export function flagTitle({ flagNotes = [] }: Instance, flag: Instance['flags'][number]): string {
  const note = flagNotes.find((one) => one.flag === flag)
  return note
    ? shown([note.text, note.more, note.advice].filter((words) => words !== '').join(' '))
    : FLAG_WORDS[flag]
}

/** The flags that have no words of their own. */
export const plainFlags = ({ flags, flagNotes = [] }: Instance): Instance['flags'] =>
  flags.filter((flag) => !flagNotes.some((note) => note.flag === flag))
