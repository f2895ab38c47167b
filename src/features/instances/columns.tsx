// The columns of the table: name, cell, total, and the table width from which each is shown.
import { type JSX, Show } from 'solid-js'
import { formatPort } from '#contract/dashboard-address'
import type { Instance } from '#contract/instance'
import { countOf, formatBytes } from '#contract/units'
import { visibleLine } from '#contract/visible-text'
import type { DeckSummary, SortKey } from '../../state/deck-summary.ts'
import { exactTime } from '../../state/locale.ts'
import { briefOwnerLine } from '../../state/owner-line.ts'
import { age, ago } from '../../state/relative-time.ts'
import { shortPath } from '../../state/short-path.ts'
import { PathText } from '../../ui/text.tsx'
import {
  CpuCell,
  MemoryCell,
  NoValue,
  percent,
  type RowProps,
  StateCell,
  TitleCell,
  Value,
} from './cells.tsx'

export interface Column {
  key: SortKey
  name: string
  /** Numbers are right-aligned, and sorted largest first by the first click. */
  isNumber?: boolean
  /** Minimum width of the table in CSS pixels to show the column. The least important columns have the largest values. */
  minPx: number
  cell: (row: RowProps) => JSX.Element
  sum?: (summary: DeckSummary) => JSX.Element
}

export const COLUMNS: readonly Column[] = [
  { key: 'state', name: 'State', minPx: 0, cell: StateCell },
  {
    key: 'title',
    name: 'Instance',
    minPx: 0,
    cell: TitleCell,
    sum: (summary) => countOf(summary.count, 'instance'),
  },
  {
    key: 'owner',
    name: 'Owner',
    minPx: 621,
    cell: (row) => <Value text={briefOwnerLine(row.instance)} title={ownerTitle(row.instance)} />,
  },
  {
    key: 'folder',
    name: 'Folder',
    minPx: 1141,
    cell: (row) => (
      <Show when={row.instance.project?.path} fallback={<NoValue />}>
        {(path) => <PathText text={shortPath(path())} title={visibleLine(path())} />}
      </Show>
    ),
  },
  {
    key: 'memory',
    name: 'Memory',
    isNumber: true,
    minPx: 0,
    cell: MemoryCell,
    sum: (summary) => <Value text={summary.memoryBytes === null ? null : formatBytes(summary.memoryBytes)} />,
  },
  {
    key: 'cpu',
    name: 'CPU',
    isNumber: true,
    minPx: 621,
    cell: CpuCell,
    sum: (summary) => <Value text={percent(summary.cpuPercent)} />,
  },
  {
    key: 'activity',
    name: 'Last activity',
    minPx: 781,
    cell: (row) => (
      <Value text={ago(row.instance.lastActivityAt, row.nowMs)} title={exact(row.instance.lastActivityAt)} />
    ),
  },
  {
    key: 'age',
    name: 'Age',
    isNumber: true,
    minPx: 0,
    cell: (row) => (
      <Value
        text={age(row.instance, row.nowMs)}
        title={exact(row.instance.startedAt)}
        reason={row.instance.state === 'dead' ? 'The process has exited' : undefined}
      />
    ),
  },
  {
    key: 'version',
    name: 'Version',
    minPx: 961,
    cell: (row) => (
      <Value text={row.instance.serenaVersion === null ? null : visibleLine(row.instance.serenaVersion)} />
    ),
  },
  {
    key: 'port',
    name: 'Port',
    isNumber: true,
    minPx: 961,
    cell: (row) => <Value text={row.instance.port === null ? null : formatPort(row.instance)} />,
  },
  {
    key: 'pid',
    name: 'Process ID',
    isNumber: true,
    minPx: 1241,
    cell: (row) => <Value text={row.instance.pid === null ? null : String(row.instance.pid)} />,
  },
]

const exact = (iso: string | null): string | undefined => (iso === null ? undefined : exactTime(iso))
const ownerTitle = ({ owner }: Instance): string | undefined =>
  owner === null
    ? undefined
    : visibleLine(`${owner.name}, process ID ${owner.pid}${owner.detail === null ? '' : `, ${owner.detail}`}`)
