// A list of projects, modes or contexts, active ones first.
import { createMemo, For, type JSX, Show } from 'solid-js'
import type { Choice } from '#contract/details'
import { visibleLine } from '#contract/visible-text'
import { compareWords } from '../../state/locale.ts'
import { shortPath } from '../../state/short-path.ts'
import { FilteredList } from './filtered-list.tsx'

export function ChoiceList(props: {
  choices: readonly Choice[]
  empty: string
  filterLabel: string
}): JSX.Element {
  const ordered = createMemo(() =>
    [...props.choices].sort(
      (a, b) => Number(b.isActive) - Number(a.isActive) || compareWords(a.name, b.name),
    ),
  )
  return (
    <Show when={props.choices.length > 0} fallback={<p class="muted">{props.empty}</p>}>
      <FilteredList
        items={ordered()}
        label={props.filterLabel}
        nameOf={({ name, path }) => `${name} ${path ?? ''}`}
      >
        {(choices) => (
          <ul class="choices">
            <For each={choices}>{(choice) => <Row choice={choice} />}</For>
          </ul>
        )}
      </FilteredList>
    </Show>
  )
}

function Row(props: { choice: Choice }): JSX.Element {
  return (
    <li
      class="choices__choice"
      title={props.choice.path === null ? undefined : visibleLine(props.choice.path)}
    >
      <span class="choices__name">
        {visibleLine(props.choice.name)}
        <Show when={props.choice.isActive}>
          <span class="flag">active</span>
        </Show>
      </span>
      <Show when={props.choice.path}>
        {(path) => <span class="choices__path muted mono">{shortPath(path())}</span>}
      </Show>
    </li>
  )
}
