// The instance list as text for a terminal. Pure.
import { styleText } from 'node:util'
import { dashboardUrl, formatPort } from '#contract/dashboard-address'
import type { HelperProcess } from '#contract/helper-process'
import { evidenceOfState, type Instance, type InstanceList, type State } from '#contract/instance'
import {
  commonOf,
  flagsOfGroup,
  groupWords,
  type InstanceGroup,
  type Row,
  rowsOf,
} from '#contract/instance-groups'
import { STATE_SHAPES } from '#contract/instance-marks'
import { networkWords, ownerWords, sharedWords } from '#contract/owner-words'
import { formatBytes } from '#contract/units'
import { quietWords } from '#contract/use'
import { visibleLine } from '#contract/visible-text'
import { alignColumns } from './columns.ts'

/** The characters of the shapes that the page draws. */
const SHAPES: Readonly<Record<(typeof STATE_SHAPES)[State], string>> = {
  full: '●',
  half: '◐',
  dashes: '◌',
  bars: '‖',
  ring: '○',
  cross: '✕',
  moon: '☾',
}
const markOf = (state: State): string => SHAPES[STATE_SHAPES[state]]
const HEAD = ['STATE', 'TITLE', 'MEMORY', 'CPU', 'AGE', 'VERSION', 'PORT', 'OWNER']
const RIGHT = new Set([2, 3, 4])

/** Returns `12 s`, `4 min`, `3 h`, `2 d`. */
export function formatAge(startedAt: string | null, nowMs: number): string {
  if (startedAt === null) return '-'
  const seconds = Math.max(0, Math.floor((nowMs - Date.parse(startedAt)) / 1000))
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`
  return seconds < 86_400 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86_400)} d`
}

function owner(instance: Instance): string {
  if (instance.owner === null) return '-'
  return visibleLine(`${ownerWords(instance.owner)} (pid ${instance.owner.pid})`)
}

/** Its users: over HTTP the connected clients; also the process that started it. */
function users(instance: Instance): string {
  const shared = sharedWords(instance)
  if (shared !== null) return visibleLine(shared)
  const network = networkWords(instance)
  if (network === null) return owner(instance)
  return [visibleLine(network), ...(instance.owner === null ? [] : [`started by ${owner(instance)}`])].join(
    ' · ',
  )
}

/** `4484 - shop (billing)`. */
const labeled = ({ title, label }: Instance): string => (label === undefined ? title : `${title} (${label})`)

function cells(instance: Instance, nowMs: number): string[] {
  const words = [instance.state, ...instance.flags].join(' ')
  return [
    `${markOf(instance.state)} ${words}`,
    visibleLine(labeled(instance)),
    formatBytes(instance.memoryBytes),
    instance.cpuPercent === null ? '-' : `${Math.round(instance.cpuPercent)} %`,
    formatAge(instance.startedAt, nowMs),
    visibleLine(instance.serenaVersion ?? '-'),
    instance.port === null ? '-' : formatPort(instance),
    [users(instance), quietWords(instance, nowMs), instance.isLeftAlone ? 'left alone' : null]
      .filter((part) => part !== null)
      .join(' · '),
  ]
}

/** One line for many instances of one client on one project; shared values are printed once. */
function groupCells(group: InstanceGroup, nowMs: number): string[] {
  const { members } = group
  const [oldest] = members
  const state = commonOf(group, (one) => one.state)
  const words = [state ?? 'mixed', ...flagsOfGroup(group)].join(' ')
  const cpus = members.flatMap(({ cpuPercent }) => cpuPercent ?? [])
  return [
    `${state === null ? SHAPES.full : markOf(state)} ${words}`,
    groupWords(group),
    formatBytes(sumOf(members.flatMap(({ memoryBytes }) => memoryBytes ?? []))),
    cpus.length === 0 ? '-' : `${Math.round(sumOf(cpus))} %`,
    formatAge(oldest?.startedAt ?? null, nowMs),
    visibleLine(commonOf(group, (one) => one.serenaVersion) ?? '-'),
    '-',
    oldest ? owner(oldest) : '-',
  ]
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)

const cellsOf = (row: Row, nowMs: number): string[] =>
  row.group ? groupCells(row.group, nowMs) : cells(row.instance, nowMs)

const needsReason = ({ colour, state }: Instance): boolean => colour === 'red' || state === 'unknown'

/**
 * Returns a table with one line per instance or group (`isWhole`: per instance), the reason under red and unknown ones, then totals and
 * notices. Ends with a newline.
 */
export function listText(
  list: InstanceList,
  { hasColours, nowMs, isWhole = false }: { hasColours: boolean; nowMs: number; isWhole?: boolean },
): string {
  const others = helperLines(list.helperProcesses ?? [], nowMs)
  const notices = list.notices.map(({ level, text }) => `${level}: ${visibleLine(text)}`)
  if (list.instances.length === 0) {
    const homes = list.serenaHomes.map(visibleLine).join(', ') || 'none'
    return `${['No Serena instances are running.', `Homes: ${homes}`, ...others, ...notices].join('\n')}\n`
  }
  const found = isWhole
    ? list.instances.map((instance): Row => ({ instance, group: null }))
    : rowsOf(list.instances, nowMs)
  const rows = alignColumns([HEAD, ...found.map((row) => cellsOf(row, nowMs))], RIGHT)
  const lines = [rows[0] ?? '']
  found.forEach(({ instance, group }, index) => {
    const row = rows[index + 1] ?? ''
    // Only the mark and the word are colored: the padding was computed without the codes.
    const word = /^\S+ \S+/.exec(row)?.[0] ?? ''
    const { colour } = instance ?? group.members[0] ?? { colour: 'grey' as const }
    lines.push(hasColours ? styleText(colour, word, { validateStream: false }) + row.slice(word.length) : row)
    if (instance && needsReason(instance))
      lines.push(`    ${visibleLine(instance.verdict.evidence[0] ?? '')}`)
  })
  const bytes = list.instances.reduce((sum, one) => sum + (one.memoryBytes ?? 0), 0)
  const count = list.instances.length
  const hasGroup = found.some(({ group }) => group !== null)
  const hint = hasGroup ? ' (list --all prints each instance of a group)' : ''
  lines.push(
    '',
    `${count} ${count === 1 ? 'instance' : 'instances'}, ${formatBytes(bytes)}${hint}`,
    ...others,
    ...notices,
  )
  return `${lines.join('\n')}\n`
}

const HELPER_HEAD = ['PID', 'OTHER SERENA PROCESSES', 'MEMORY', 'CPU', 'AGE']

/** A second table, with an empty line before it; no line where there is nothing to list. */
function helperLines(helpers: readonly HelperProcess[], nowMs: number): string[] {
  if (helpers.length === 0) return []
  const rows = helpers.map(({ pid, title, memoryBytes, cpuPercent, startedAt }) => [
    String(pid),
    visibleLine(title),
    formatBytes(memoryBytes),
    cpuPercent === null ? '-' : `${cpuPercent} %`,
    formatAge(startedAt, nowMs),
  ])
  return ['', ...alignColumns([HELPER_HEAD, ...rows], RIGHT)]
}

/** Over stdio the only client is the owner, unless the hub runs it. */
const isOwnerAlone = ({ transport, hubSerena }: Instance): boolean =>
  transport === 'stdio' && hubSerena === undefined

/** `4 min ago (2026-03-07T14:02:11.000Z)`. */
const lastActive = (at: string | null, nowMs: number): string =>
  at === null ? '-' : `${formatAge(at, nowMs)} ago (${at})`

function unusedRows(instance: Instance, nowMs: number): [string, string][] {
  const words = quietWords(instance, nowMs)
  return words === null ? [] : [['use', words]]
}

function labelRows({ label, note, isLeftAlone }: Instance): [string, string][] {
  const rows: [string, string | undefined][] = [
    ['label', label],
    ['note', note],
    ['left alone', isLeftAlone && 'yes: ended only by name'],
  ]
  return rows.flatMap(([name, text]): [string, string][] => (text ? [[name, visibleLine(text)]] : []))
}

/** Returns the facts of one instance, one per line. Ends with a newline. */
export function statusText(instance: Instance, nowMs: number): string {
  const line = (value: string | null): string => (value === null || value === '' ? '-' : visibleLine(value))
  const rows: [string, string][] = [
    ['title', line(instance.title)],
    ['state', `${markOf(instance.state)} ${instance.state} (${instance.verdict.certainty})`],
    ...evidenceOfState(instance).map((text): [string, string] => ['because', line(text)]),
    ['flags', line(instance.flags.join(', '))],
    ...(instance.flagNotes ?? []).map(({ flag, text, more, advice }): [string, string] => [
      flag,
      line([text, more, advice].filter((words) => words !== '').join(' ')),
    ]),
    ['project', line(instance.project?.path ?? instance.project?.name ?? null)],
    ...labelRows(instance),
    ['context', line(instance.context)],
    ['modes', line(instance.modes.join(', '))],
    ['owner', owner(instance)],
    ['transport', line(instance.transport)],
    ...(isOwnerAlone(instance) ? [] : (instance.clients ?? [])).map(
      ({ pid, name, detail }): [string, string] => [
        'client',
        visibleLine(
          `${ownerWords({ name, detail: detail ?? null })}${pid === undefined ? '' : ` (pid ${pid})`}`,
        ),
      ],
    ),
    ['version', line(instance.serenaVersion)],
    ['pid', String(instance.pid ?? '-')],
    ['dashboard', instance.port === null ? '-' : dashboardUrl(instance)],
    ['memory', `${formatBytes(instance.memoryBytes)} (${instance.memoryKind ?? 'unknown'}, whole tree)`],
    ['processes', String(instance.processCount)],
    ['age', formatAge(instance.startedAt, nowMs)],
    ['last active', lastActive(instance.lastActivityAt, nowMs)],
    ...unusedRows(instance, nowMs),
    ['sources', instance.sources.join(', ')],
    ['id', line(instance.id)],
  ]
  return `${alignColumns(rows).join('\n')}\n`
}
