// The action on the selected rows.
import type { JSX } from 'solid-js'
import { endingTitle, endingVerb } from '#contract/ending-words'
import { formatBytes } from '#contract/units'
import { summarize } from '../../state/deck-summary.ts'
import { usePage } from '../../state/page-context.ts'
import type { RowSelection } from '../../state/row-selection.ts'

export function SelectionBar(props: { selection: RowSelection }): JSX.Element {
  const page = usePage()
  const selected = (): ReturnType<RowSelection['selected']> => props.selection.selected()
  const summary = (): string => {
    if (selected().length === 0) return 'Select the instances to end.'
    const { memoryBytes } = summarize(selected())
    return [
      `${selected().length} selected`,
      ...(memoryBytes === null ? [] : [formatBytes(memoryBytes)]),
    ].join(' · ')
  }
  return (
    <div class="selection-bar">
      <span class="selection-bar__words" role="status">
        {summary()}
      </span>
      <button
        type="button"
        class="button button--danger"
        disabled={selected().length === 0}
        onClick={() =>
          page.open({ kind: 'ending', title: endingTitle(selected()), ids: selected().map(({ id }) => id) })
        }
      >
        {endingVerb(selected())} selected …
      </button>
      <button type="button" class="button" onClick={() => props.selection.setOn(false)}>
        Done
      </button>
    </div>
  )
}
