// The columns of the table of all: name, cell and sum of each, and the room without which it is not drawn.
import { type JSX, Show } from 'solid-js'
import { formatPort } from '#contract/dashboard-address'
import type { Instance } from '#contract/instance'
import { countOf, formatBytes } from '#contract/units'
import { quietWords } from '#contract/use'
import { type CpuTraces, tracePoints } from '../../state/cpu-trace.ts'
import type { DeckSummary, SortKey } from '../../state/deck-summary.ts'
import { exactTime } from '../../state/locale.ts'
import { Mark } from '../../ui/mark.tsx'
import { PathText } from '../../ui/text.tsx'
import { age, ago, flagTitle, ownerLine, reason, SHAPES, shortPath, shown } from '../instance-words.ts'

/** What a row is drawn from. */
export interface RowProps {
  instance: Instance
  /** Memory of the largest one. */
  largestBytes: number
  cpuTraces: CpuTraces
  /** What fills the height of a trace: one scale for all, so that they can be compared. */
  fullPercent: number
  nowMs: number
  /** A click on the row or its title. */
  onPick: (id: string) => void
}

export interface Column {
  key: SortKey
  name: string
  /** Numbers stand to the right, and are sorted largest first at the first click. */
  isNumber?: boolean
  /** A narrower table goes without it, CSS pixels: what matters least goes first. */
  leastPx: number
  cell: (row: RowProps) => JSX.Element
  sum?: (summary: DeckSummary) => JSX.Element
}

export const COLUMNS: readonly Column[] = [
  { key: 'state', name: 'State', leastPx: 0, cell: StateCell },
  {
    key: 'title',
    name: 'Instance',
    leastPx: 0,
    cell: TitleCell,
    sum: (summary) => countOf(summary.count, 'instance'),
  },
  {
    key: 'owner',
    name: 'Owner',
    leastPx: 621,
    cell: (row) => <Known of={ownerLine(row.instance)} title={ownerTitle(row.instance)} />,
  },
  {
    key: 'folder',
    name: 'Folder',
    leastPx: 1141,
    cell: (row) => (
      <Show when={row.instance.project?.path} fallback={<None />}>
        {(path) => <PathText text={shortPath(path())} title={shown(path())} />}
      </Show>
    ),
  },
  {
    key: 'memory',
    name: 'Memory',
    isNumber: true,
    leastPx: 0,
    cell: MemoryCell,
    sum: (summary) => <Known of={summary.memoryBytes === null ? null : formatBytes(summary.memoryBytes)} />,
  },
  {
    key: 'cpu',
    name: 'CPU',
    isNumber: true,
    leastPx: 621,
    cell: CpuCell,
    sum: (summary) => <Known of={percent(summary.cpuPercent)} />,
  },
  {
    key: 'activity',
    name: 'Last activity',
    leastPx: 781,
    cell: (row) => (
      <Known of={ago(row.instance.lastActivityAt, row.nowMs)} title={exact(row.instance.lastActivityAt)} />
    ),
  },
  {
    key: 'age',
    name: 'Age',
    isNumber: true,
    leastPx: 0,
    cell: (row) => (
      <Known
        of={age(row.instance, row.nowMs)}
        title={exact(row.instance.startedAt)}
        none={row.instance.state === 'dead' ? 'its process is gone' : undefined}
      />
    ),
  },
  {
    key: 'version',
    name: 'Version',
    leastPx: 961,
    cell: (row) => (
      <Known of={row.instance.serenaVersion === null ? null : shown(row.instance.serenaVersion)} />
    ),
  },
  {
    key: 'port',
    name: 'Port',
    isNumber: true,
    leastPx: 961,
    cell: (row) => <Known of={row.instance.port === null ? null : formatPort(row.instance)} />,
  },
  {
    key: 'pid',
    name: 'Process id',
    isNumber: true,
    leastPx: 1241,
    cell: (row) => <Known of={row.instance.pid === null ? null : String(row.instance.pid)} />,
  },
]

const TRACE = { width: 40, height: 12 }

function StateCell(row: RowProps): JSX.Element {
  return (
    <span class="all__mark" title={row.instance.verdict.evidence.map(shown).join('\n')}>
      <Mark shape={SHAPES[row.instance.state]} tone={row.instance.colour} />
      <span class="all__word">{row.instance.state}</span>
    </span>
  )
}

function TitleCell(row: RowProps): JSX.Element {
  return (
    <>
      <div class="all__name">
        <button
          type="button"
          class="all__open"
          title={shown(row.instance.title)}
          onClick={(event) => {
            event.stopPropagation()
            row.onPick(row.instance.id)
          }}
        >
          {shown(row.instance.title)}
        </button>
        <FlagChips instance={row.instance} />
      </div>
      <Show when={row.instance.colour === 'red'}>
        <span class="all__reason">{reason(row.instance)}</span>
      </Show>
      <Show when={quietWords(row.instance, row.nowMs)}>
        {(words) => <span class="all__quiet muted">{words()}</span>}
      </Show>
    </>
  )
}

function MemoryCell(row: RowProps): JSX.Element {
  const share = (): number => Math.round(((row.instance.memoryBytes ?? 0) / row.largestBytes) * 100)
  return (
    <Show when={row.instance.memoryBytes !== null} fallback={<None />}>
      <span class="all__memory-words">{formatBytes(row.instance.memoryBytes)}</span>
      <svg class="all__bar" viewBox="0 0 100 2" preserveAspectRatio="none" aria-hidden="true">
        <rect width={share()} height="2" fill="currentColor" />
      </svg>
    </Show>
  )
}

function CpuCell(row: RowProps): JSX.Element {
  return (
    <span class="all__cpu-words">
      <svg class="all__trace" viewBox={`0 -1 ${TRACE.width} ${TRACE.height + 2}`} aria-hidden="true">
        <polyline
          points={tracePoints(row.cpuTraces.get(row.instance.id) ?? [], TRACE, row.fullPercent)}
          fill="none"
          stroke="currentColor"
          stroke-width="1.2"
          stroke-linejoin="round"
        />
      </svg>
      <Known of={percent(row.instance.cpuPercent)} />
    </span>
  )
}

/** There is room for one; how many more there are stands beside it. */
function FlagChips(props: { instance: Instance }): JSX.Element {
  const first = (): Instance['flags'][number] | undefined => props.instance.flags[0]
  const others = (): Instance['flags'] => props.instance.flags.slice(1)
  return (
    <Show when={first()}>
      {(flag) => (
        <>
          <span class="flag" title={flagTitle(props.instance, flag())}>
            {flag()}
          </span>
          <Show when={others().length > 0}>
            <span class="flag" title={others().join(', ')}>
              <span aria-hidden="true">+{others().length}</span>
              <span class="visually-hidden">{others().join(', ')}</span>
            </span>
          </Show>
        </>
      )}
    </Show>
  )
}

const percent = (value: number | null): string | null => (value === null ? null : `${value} %`)
const exact = (iso: string | null): string | undefined => (iso === null ? undefined : exactTime(iso))
const ownerTitle = ({ owner }: Instance): string | undefined =>
  owner === null
    ? undefined
    : shown(`${owner.name}, process id ${owner.pid}${owner.detail === null ? '' : `, ${owner.detail}`}`)

function None(props: { why?: string | undefined }): JSX.Element {
  return (
    <span class="muted" title={props.why ?? 'not known'}>
      –
    </span>
  )
}

function Known(props: {
  of: string | null
  title?: string | undefined
  /** Why there is none. */
  none?: string | undefined
}): JSX.Element {
  return (
    <Show when={props.of} fallback={<None why={props.none} />}>
      {(text) => <span title={props.title ?? text()}>{text()}</span>}
    </Show>
  )
}
