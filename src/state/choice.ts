// The rows of the table that a person chooses, to do something with all of them at once.
import { type Accessor, createMemo, createSignal } from 'solid-js'
import type { Instance } from '#contract/instance'

export interface Choice {
  /** Whether there are boxes to choose by. */
  isOn: Accessor<boolean>
  /** Off forgets what was chosen. */
  setOn(isOn: boolean): void
  has(id: string): boolean
  toggle(id: string): void
  /** Every row, or none. */
  setAll(isChosen: boolean): void
  /** Those of the rows: what is not seen is not meant. */
  chosen: Accessor<readonly Instance[]>
}

/** A choice among the rows given, off at first. */
export function createChoice(rows: Accessor<readonly Instance[]>): Choice {
  const [ids, setIds] = createSignal<ReadonlySet<string> | null>(null)
  const chosen = createMemo(() => rows().filter(({ id }) => ids()?.has(id)))
  return {
    isOn: () => ids() !== null,
    setOn: (isOn) => setIds(isOn ? new Set() : null),
    has: (id) => ids()?.has(id) ?? false,
    toggle(id) {
      const next = new Set(ids())
      if (!next.delete(id)) next.add(id)
      setIds(next)
    },
    setAll: (isChosen) => setIds(new Set(isChosen ? rows().map(({ id }) => id) : [])),
    chosen,
  }
}
