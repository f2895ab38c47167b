// The tab All: every instance in one dense table, sortable by any column, with the totals below.
import { createMemo, For, Index, type JSX, Show } from 'solid-js'
import type { Instance } from '#contract/instance'
import { formatBytes } from '#contract/units'
import { type CpuTraces, tracePoints } from '../../state/cpu-trace.ts'
import {
  type Group,
  type Grouping,
  groupInstances,
  type Sorting,
  type SortKey,
  sortInstances,
  summarise,
} from '../../state/deck-summary.ts'
import { exactTime } from '../../state/locale.ts'
import { Mark } from '../../ui/mark.tsx'
import { MANY, Pieces } from '../../ui/pieces.tsx'
import { PathText } from '../../ui/text.tsx'
import { age, ago, flagTitle, ownerLine, reason, SHAPES, shortPath, shown } from '../instance-words.ts'
import './all-view.css'

interface Column {
  key: SortKey
  name: string
  /** Numbers stand to the right, and are sorted largest first at the first click. */
  isNumber?: boolean
}

export const COLUMNS: readonly Column[] = [
  { key: 'state', name: 'State' },
  { key: 'title', name: 'Instance' },
  { key: 'owner', name: 'Owner' },
  { key: 'folder', name: 'Folder' },
  { key: 'memory', name: 'Memory', isNumber: true },
  { key: 'cpu', name: 'CPU', isNumber: true },
  { key: 'activity', name: 'Last activity' },
  { key: 'age', name: 'Age', isNumber: true },
  { key: 'version', name: 'Version' },
  { key: 'port', name: 'Port', isNumber: true },
  { key: 'pid', name: 'Process id', isNumber: true },
]

const PIECE = 5
const ROW_PX = 28
const TRACE = { width: 40, height: 12 }
/** The curves of quiet ones are flat, not magnified. */
const LEAST_FULL_PERCENT = 20

export function AllView(props: {
  instances: readonly Instance[]
  sorting: Sorting
  onSort: (sorting: Sorting) => void
  grouping: Grouping
  hiddenColumns: readonly SortKey[]
  onOpen: (id: string) => void
  cpuTraces: CpuTraces
  nowMs: number
}): JSX.Element {
  const groups = createMemo(() =>
    groupInstances(sortInstances(props.instances, props.sorting), props.grouping),
  )
  const isMany = (): boolean => props.instances.length > MANY
  const hasGroups = (): boolean => props.grouping !== 'none'
  /** In a table of which not every row is drawn each says which one it is. */
  const places = createMemo(() => {
    let at = 1
    const byId = new Map<string, number>()
    for (const group of groups()) {
      at += hasGroups() ? 1 : 0
      for (const { id } of group.instances) byId.set(id, (at += 1))
    }
    return { byId, count: at + 1 }
  })
  let root!: HTMLElement
  const summary = createMemo(() => summarise(props.instances))
  const largest = createMemo(() => Math.max(1, ...props.instances.map(({ memoryBytes }) => memoryBytes ?? 0)))
  /** One scale for all, so that they can be compared. */
  const fullPercent = createMemo(() =>
    Math.max(LEAST_FULL_PERCENT, ...[...props.cpuTraces.values()].flatMap((trace) => [...trace])),
  )
  const sortBy = ({ key, isNumber = false }: Column): void =>
    props.onSort({
      key,
      isDescending: props.sorting.key === key ? !props.sorting.isDescending : isNumber,
    })
  const direction = (key: SortKey): 'ascending' | 'descending' | undefined => {
    if (props.sorting.key !== key) return undefined
    return props.sorting.isDescending ? 'descending' : 'ascending'
  }

  return (
    <div class="all" ref={(element) => (root = element)}>
      <table
        aria-rowcount={isMany() ? places().count : undefined}
        class={`all__table ${isMany() ? 'all__table--many' : ''} ${props.hiddenColumns.map((key) => `all__table--no-${key}`).join(' ')}`}
      >
        <thead>
          <tr>
            <For each={COLUMNS}>
              {(column) => (
                <th
                  scope="col"
                  class={`all__${column.key}`}
                  classList={{ all__number: column.isNumber === true }}
                  aria-sort={direction(column.key)}
                >
                  <button type="button" onClick={() => sortBy(column)}>
                    {column.name}
                    <span class="all__arrow" aria-hidden="true">
                      {direction(column.key) === undefined ? '' : props.sorting.isDescending ? '↓' : '↑'}
                    </span>
                  </button>
                </th>
              )}
            </For>
          </tr>
        </thead>
        <Index each={groups()}>
          {(group) => (
            <Pieces
              items={group().instances}
              isMany={isMany()}
              size={PIECE}
              guessPx={ROW_PX}
              as="tbody"
              root={() => root}
              far={(px) => <Far px={px} />}
              head={hasGroups() ? () => <GroupHead group={group()} /> : undefined}
            >
              {(instance) => (
                <Row
                  {...props}
                  instance={instance}
                  largestBytes={largest()}
                  fullPercent={fullPercent()}
                  place={isMany() ? places().byId.get(instance.id) : undefined}
                />
              )}
            </Pieces>
          )}
        </Index>
        <tfoot>
          <tr>
            <td class="all__state" />
            <td class="all__title">
              {summary().count} {summary().count === 1 ? 'instance' : 'instances'}
            </td>
            <td class="all__owner" />
            <td class="all__folder" />
            <td class="all__memory all__number">
              <Known of={summary().memoryBytes === null ? null : formatBytes(summary().memoryBytes)} />
            </td>
            <td class="all__cpu all__number">
              <Known of={percent(summary().cpuPercent)} />
            </td>
            <td class="all__activity" />
            <td class="all__age" />
            <td class="all__version" />
            <td class="all__port" />
            <td class="all__pid" />
          </tr>
        </tfoot>
      </table>
    </div>
  )
}

/** As high as the rows that are not drawn. */
function Far(props: { px: number }): JSX.Element {
  return (
    <tr aria-hidden="true">
      <td class="all__far" colSpan={COLUMNS.length} style={{ height: `${props.px}px` }} />
    </tr>
  )
}

function GroupHead(props: { group: Group }): JSX.Element {
  return (
    <tr class="all__group">
      <th scope="rowgroup" colSpan={COLUMNS.length}>
        {props.group.name === null ? 'Not known' : shown(props.group.name)}
        <span class="muted">
          {' '}
          · {props.group.instances.length} · {formatBytes(summarise(props.group.instances).memoryBytes)}
        </span>
      </th>
    </tr>
  )
}

function Row(props: {
  instance: Instance
  place: number | undefined
  largestBytes: number
  cpuTraces: CpuTraces
  fullPercent: number
  nowMs: number
  onOpen: (id: string) => void
}): JSX.Element {
  const share = (): number => Math.round(((props.instance.memoryBytes ?? 0) / props.largestBytes) * 100)
  return (
    <tr
      class={`all__row all__row--${props.instance.colour}`}
      aria-rowindex={props.place}
      onClick={() => props.onOpen(props.instance.id)}
    >
      <td class="all__state">
        <span class="all__mark" title={props.instance.verdict.evidence.map(shown).join('\n')}>
          <Mark shape={SHAPES[props.instance.state]} tone={props.instance.colour} />
          <span class="all__word">{props.instance.state}</span>
        </span>
      </td>
      <td class="all__title">
        <div class="all__name">
          <button
            type="button"
            class="all__open"
            title={shown(props.instance.title)}
            onClick={(event) => {
              event.stopPropagation()
              props.onOpen(props.instance.id)
            }}
          >
            {shown(props.instance.title)}
          </button>
          <FlagChips instance={props.instance} />
        </div>
        <Show when={props.instance.colour === 'red'}>
          <span class="all__reason">{reason(props.instance)}</span>
        </Show>
      </td>
      <td class="all__owner">
        <Known of={ownerLine(props.instance)} title={ownerTitle(props.instance)} />
      </td>
      <td class="all__folder">
        <Show when={props.instance.project?.path} fallback={<None />}>
          {(path) => <PathText text={shortPath(path())} title={shown(path())} />}
        </Show>
      </td>
      <td class="all__memory all__number">
        <Show when={props.instance.memoryBytes !== null} fallback={<None />}>
          <span class="all__memory-words">{formatBytes(props.instance.memoryBytes)}</span>
          <svg class="all__bar" viewBox="0 0 100 2" preserveAspectRatio="none" aria-hidden="true">
            <rect width={share()} height="2" fill="currentColor" />
          </svg>
        </Show>
      </td>
      <td class="all__cpu all__number">
        <span class="all__cpu-words">
          <svg class="all__trace" viewBox={`0 -1 ${TRACE.width} ${TRACE.height + 2}`} aria-hidden="true">
            <polyline
              points={tracePoints(props.cpuTraces.get(props.instance.id) ?? [], TRACE, props.fullPercent)}
              fill="none"
              stroke="currentColor"
              stroke-width="1.2"
              stroke-linejoin="round"
            />
          </svg>
          <Known of={percent(props.instance.cpuPercent)} />
        </span>
      </td>
      <td class="all__activity">
        <Known
          of={ago(props.instance.lastActivityAt, props.nowMs)}
          title={exact(props.instance.lastActivityAt)}
        />
      </td>
      <td class="all__age all__number">
        <Known of={age(props.instance.startedAt, props.nowMs)} title={exact(props.instance.startedAt)} />
      </td>
      <td class="all__version">
        <Known of={props.instance.serenaVersion === null ? null : shown(props.instance.serenaVersion)} />
      </td>
      <td class="all__port all__number">
        <Known of={props.instance.port === null ? null : `:${props.instance.port}`} />
      </td>
      <td class="all__pid all__number">
        <Known of={props.instance.pid === null ? null : String(props.instance.pid)} />
      </td>
    </tr>
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

function None(): JSX.Element {
  return (
    <span class="muted" title="not known">
      –
    </span>
  )
}

function Known(props: { of: string | null; title?: string | undefined }): JSX.Element {
  return (
    <Show when={props.of} fallback={<None />}>
      {(text) => <span title={props.title ?? text()}>{text()}</span>}
    </Show>
  )
}
