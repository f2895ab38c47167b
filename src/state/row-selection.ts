// The selected rows of the table, for an action on all of them.
import { type Accessor, createMemo, createSignal } from 'solid-js'
import type { Instance } from '#contract/instance'

export interface RowSelection {
  /** True while rows have checkboxes. */
  isOn: Accessor<boolean>
  /** Shows or hides the checkboxes; hiding clears the selection. */
  setOn(isOn: boolean): void
  has(id: string): boolean
  toggle(id: string): void
  /** Selects every row, or none. */
  setAll(isSelected: boolean): void
  /** The selected rows that are visible. Actions apply to visible rows only. */
  selected: Accessor<readonly Instance[]>
}

/** Creates a selection of the given rows, off at first. */
export function createRowSelection(rows: Accessor<readonly Instance[]>): RowSelection {
  const [ids, setIds] = createSignal<ReadonlySet<string> | null>(null)
  const selected = createMemo(() => rows().filter(({ id }) => ids()?.has(id)))
  return {
    isOn: () => ids() !== null,
    setOn: (isOn) => setIds(isOn ? new Set() : null),
    has: (id) => ids()?.has(id) ?? false,
    toggle(id) {
      const next = new Set(ids())
      if (!next.delete(id)) next.add(id)
      setIds(next)
    },
    setAll: (isSelected) => setIds(new Set(isSelected ? rows().map(({ id }) => id) : [])),
    selected,
  }
}
