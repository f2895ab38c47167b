// The layout of the table: columns that fit, sections, and the scales of all rows.
import { type Accessor, createMemo, createSignal } from 'solid-js'
import type { Instance } from '#contract/instance'
import {
  type DeckSummary,
  type Grouping,
  type Sorting,
  type SortKey,
  sortInstances,
  summarize,
} from '../../state/deck-summary.ts'
import { usePage } from '../../state/page-context.ts'
import { COLUMNS, type Column } from './columns.tsx'
import { hasHead, type Section, sectionsOf } from './sections.ts'

/** Smallest scale of the CPU curves, so that the curves of idle instances stay flat. */
const MIN_FULL_PERCENT = 20

export interface TableInput {
  instances: readonly Instance[]
  sorting: Sorting
  grouping: Grouping
  hiddenColumns: readonly SortKey[]
  nowMs: number
}

export interface TableLayout {
  columns: Accessor<readonly Column[]>
  sections: Accessor<readonly Section[]>
  /** Expands or collapses a section. */
  toggle(key: string): void
  /** `aria-rowindex` by instance id, and the number of rows. */
  rowIndex: Accessor<{ byId: ReadonlyMap<string, number>; count: number }>
  summary: Accessor<DeckSummary>
  largestBytes: Accessor<number>
  fullPercent: Accessor<number>
}

/** Creates the layout. While `isSelecting`, all groups are expanded, so that every row can be selected. */
export function createTableLayout(
  input: TableInput,
  widthPx: Accessor<number>,
  isSelecting: Accessor<boolean>,
): TableLayout {
  const { usage } = usePage()
  const [toggled, setToggled] = createSignal<ReadonlySet<string>>(new Set())
  const sections = createMemo(() =>
    sectionsOf(sortInstances(input.instances, input.sorting), {
      grouping: input.grouping,
      isToggled: (key) => toggled().has(key),
      isSelecting: isSelecting(),
      nowMs: input.nowMs,
    }),
  )
  const columns = createMemo(() =>
    COLUMNS.filter(({ key, minPx }) => widthPx() >= minPx && !input.hiddenColumns.includes(key)),
  )
  const rowIndex = createMemo(() => rowIndexOf(sections()))
  const summary = createMemo(() => summarize(input.instances))
  const largestBytes = createMemo(() =>
    Math.max(1, ...input.instances.map(({ memoryBytes }) => memoryBytes ?? 0)),
  )
  const fullPercent = createMemo(() =>
    Math.max(MIN_FULL_PERCENT, ...(usage.all()?.instances ?? []).map(({ cpuPercent }) => mostOf(cpuPercent))),
  )
  const toggle = (key: string): void => {
    const next = new Set(toggled())
    if (!next.delete(key)) next.add(key)
    setToggled(next)
  }
  return { columns, sections, toggle, rowIndex, summary, largestBytes, fullPercent }
}

const mostOf = (samples: readonly (number | null)[]): number => Math.max(0, ...samples.map((one) => one ?? 0))

/** The table head is row 1; head rows of sections count too. */
function rowIndexOf(sections: readonly Section[]): { byId: ReadonlyMap<string, number>; count: number } {
  let index = 1
  const byId = new Map<string, number>()
  for (const section of sections) {
    index += hasHead(section) ? 1 : 0
    for (const { id } of section.instances) byId.set(id, (index += 1))
  }
  return { byId, count: index + 1 }
}
