// The tab All: every instance in one dense table, sortable by any column, with the totals below.
import { createEffect, createMemo, createSignal, For, Index, type JSX, Show } from 'solid-js'
import type { HelperProcess } from '#contract/helper-process'
import type { Instance } from '#contract/instance'
import { formatBytes } from '#contract/units'
import type { Choice } from '../../state/choice.ts'
import type { CpuTraces } from '../../state/cpu-trace.ts'
import {
  type Group,
  type Grouping,
  type Sorting,
  type SortKey,
  sortInstances,
  summarise,
} from '../../state/deck-summary.ts'
import { createElementWidth } from '../../state/element-width.ts'
import { MANY, Pieces } from '../../ui/pieces.tsx'
import { shown } from '../instance-words.ts'
import { COLUMNS, type Column, type RowProps } from './columns.tsx'
import { GroupRow } from './group-row.tsx'
import { HelperList } from './helper-list.tsx'
import { type Section, sectionsOf } from './sections.ts'
import './all-view.css'

const PIECE = 5
const ROW_PX = 28
/** The curves of quiet ones are flat, not magnified. */
const LEAST_FULL_PERCENT = 20

export function AllView(props: {
  instances: readonly Instance[]
  sorting: Sorting
  onSort: (sorting: Sorting) => void
  grouping: Grouping
  hiddenColumns: readonly SortKey[]
  choice: Choice
  onOpen: (id: string) => void
  cpuTraces: CpuTraces
  helpers: readonly HelperProcess[]
  nowMs: number
}): JSX.Element {
  let root!: HTMLElement
  const widthPx = createElementWidth(() => root)
  const columns = createMemo(() =>
    COLUMNS.filter(({ key, leastPx }) => widthPx() >= leastPx && !props.hiddenColumns.includes(key)),
  )
  /** The groups of one client on one project that are shown one by one. */
  const [opened, setOpened] = createSignal<ReadonlySet<string>>(new Set())
  const toggle = (key: string): void => {
    const next = new Set(opened())
    if (!next.delete(key)) next.add(key)
    setOpened(next)
  }
  const sections = createMemo(() =>
    sectionsOf(sortInstances(props.instances, props.sorting), {
      grouping: props.grouping,
      // Whoever chooses rows sees each of them.
      isOpen: (key) => props.choice.isOn() || opened().has(key),
      nowMs: props.nowMs,
    }),
  )
  const width = (): number => columns().length + (props.choice.isOn() ? 1 : 0)
  const isMany = (): boolean => props.instances.length > MANY
  /** In a table of which not every row is drawn each says which one it is. */
  const places = createMemo(() => {
    let at = 1
    const byId = new Map<string, number>()
    for (const section of sections()) {
      at += hasHead(section) ? 1 : 0
      for (const { id } of section.instances) byId.set(id, (at += 1))
    }
    return { byId, count: at + 1 }
  })
  const summary = createMemo(() => summarise(props.instances))
  const largest = createMemo(() => Math.max(1, ...props.instances.map(({ memoryBytes }) => memoryBytes ?? 0)))
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
        class="all__table"
        classList={{ 'all__table--choosing': props.choice.isOn() }}
      >
        <thead>
          <tr>
            <Show when={props.choice.isOn()}>
              <th scope="col" class="all__check">
                <AllBox choice={props.choice} count={props.instances.length} />
              </th>
            </Show>
            <For each={columns()}>
              {(column) => (
                <th scope="col" class={cellClass(column)} aria-sort={direction(column.key)}>
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
        <Index each={sections()}>
          {(section) => (
            <Pieces
              items={section().instances}
              isMany={isMany()}
              size={PIECE}
              guessPx={ROW_PX}
              as="tbody"
              root={() => root}
              far={(px) => <Far px={px} columns={width()} />}
              head={
                hasHead(section())
                  ? () => <SectionHead section={section()} columns={width()} onToggle={toggle} />
                  : undefined
              }
            >
              {(instance) => (
                <Row
                  {...props}
                  onPick={(id) => (props.choice.isOn() ? props.choice.toggle(id) : props.onOpen(id))}
                  instance={instance()}
                  columns={columns()}
                  largestBytes={largest()}
                  fullPercent={fullPercent()}
                  place={isMany() ? places().byId.get(instance().id) : undefined}
                />
              )}
            </Pieces>
          )}
        </Index>
        <tfoot>
          <tr>
            <Show when={props.choice.isOn()}>
              <td class="all__check" />
            </Show>
            <For each={columns()}>
              {(column) => <td class={cellClass(column)}>{column.sum?.(summary())}</td>}
            </For>
          </tr>
        </tfoot>
      </table>
      <HelperList helpers={props.helpers} nowMs={props.nowMs} />
    </div>
  )
}

const cellClass = ({ key, isNumber = false }: Column): string =>
  isNumber ? `all__${key} all__number` : `all__${key}`

const hasHead = ({ group, many }: Section): boolean => (many ?? group) !== null

function SectionHead(props: {
  section: Section
  columns: number
  onToggle: (key: string) => void
}): JSX.Element {
  return (
    <Show
      when={props.section.many}
      fallback={
        <Show when={props.section.group}>
          {(group) => <GroupHead group={group()} columns={props.columns} />}
        </Show>
      }
    >
      {(many) => (
        <GroupRow
          group={many()}
          columns={props.columns}
          isOpen={props.section.instances.length > 0}
          onToggle={() => props.onToggle(many().key)}
        />
      )}
    </Show>
  )
}

/** As high as the rows that are not drawn. */
function Far(props: { px: number; columns: number }): JSX.Element {
  return (
    <tr aria-hidden="true">
      <td class="all__far" colSpan={props.columns} style={{ height: `${props.px}px` }} />
    </tr>
  )
}

function GroupHead(props: { group: Group; columns: number }): JSX.Element {
  return (
    <tr class="all__group">
      <th scope="rowgroup" colSpan={props.columns}>
        {props.group.name === null ? 'Not known' : shown(props.group.name)}
        <span class="muted">
          {' '}
          · {props.group.instances.length} · {formatBytes(summarise(props.group.instances).memoryBytes)}
        </span>
      </th>
    </tr>
  )
}

/** Ticks every row, or none. */
function AllBox(props: { choice: Choice; count: number }): JSX.Element {
  let box!: HTMLInputElement
  const isAll = (): boolean => props.choice.chosen().length === props.count
  createEffect(() => {
    box.indeterminate = !isAll() && props.choice.chosen().length > 0
  })
  return (
    <label class="all__box">
      <input
        ref={box}
        type="checkbox"
        aria-label="All rows"
        checked={isAll()}
        onChange={(event) => props.choice.setAll(event.currentTarget.checked)}
      />
    </label>
  )
}

function RowBox(props: { instance: Instance; choice: Choice }): JSX.Element {
  return (
    <label class="all__box">
      <input
        type="checkbox"
        aria-label={`${shown(props.instance.title)}, ${props.instance.state}`}
        checked={props.choice.has(props.instance.id)}
        onChange={() => props.choice.toggle(props.instance.id)}
      />
    </label>
  )
}

function Row(
  props: RowProps & { columns: readonly Column[]; place: number | undefined; choice: Choice },
): JSX.Element {
  const isChosen = (): boolean => props.choice.has(props.instance.id)
  return (
    <tr
      class={`all__row all__row--${props.instance.colour}`}
      classList={{ 'all__row--chosen': isChosen() }}
      aria-rowindex={props.place}
      onClick={() => props.onPick(props.instance.id)}
    >
      <Show when={props.choice.isOn()}>
        {/* A click on the box is its own. */}
        <td class="all__check" onClick={(event) => event.stopPropagation()}>
          <RowBox instance={props.instance} choice={props.choice} />
        </td>
      </Show>
      <For each={props.columns}>{(column) => <td class={cellClass(column)}>{column.cell(props)}</td>}</For>
    </tr>
  )
}
