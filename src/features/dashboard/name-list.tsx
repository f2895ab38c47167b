// A list of short names, side by side.
import { For, type JSX, Show } from 'solid-js'
import { visibleLine } from '#contract/visible-text'
import { FilteredList } from './filtered-list.tsx'

export function NameList(props: {
  names: readonly string[]
  empty: string
  filterLabel: string
}): JSX.Element {
  return (
    <Show when={props.names.length > 0} fallback={<p class="muted">{props.empty}</p>}>
      <FilteredList items={props.names} label={props.filterLabel} nameOf={(name) => name}>
        {(names) => (
          <ul class="names">
            <For each={names}>{(name) => <li class="names__name mono">{visibleLine(name)}</li>}</For>
          </ul>
        )}
      </FilteredList>
    </Show>
  )
}
