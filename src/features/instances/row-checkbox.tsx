// The checkbox that selects a row or a card.
import type { JSX } from 'solid-js'
import type { Instance } from '#contract/instance'
import { visibleLine } from '#contract/visible-text'
import type { RowSelection } from '../../state/row-selection.ts'

export function RowCheckbox(props: { instance: Instance; selection: RowSelection }): JSX.Element {
  return (
    // The checkbox handles its own clicks.
    <label class="all__box" onClick={(event) => event.stopPropagation()}>
      <input
        type="checkbox"
        aria-label={`${visibleLine(props.instance.title)}, ${props.instance.state}`}
        checked={props.selection.has(props.instance.id)}
        onChange={() => props.selection.toggle(props.instance.id)}
      />
    </label>
  )
}
